// expect: `bool` is not a condition
use orm_core::prelude::*;
use orm_tests::models::{User};

#[allow(unused)]
async fn program(engine: Engine, mut session: Session) -> Result<(), orm_core::Error> {
    let user = engine.one(select(User)).await?;
    engine.all(select(User).filter(user.name.eq("x"))).await?;
    Ok(())
}

fn main() {}
