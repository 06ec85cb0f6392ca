// expect: gives no rows
use orm_core::prelude::*;
use orm_tests::models::{User};

#[allow(unused)]
async fn program(engine: Engine, mut session: Session) -> Result<(), orm_core::Error> {
    engine.all(update(User).set(User.age, 1)).await?;
    Ok(())
}

fn main() {}
