// expect: TODO
use orm_core::prelude::*;
use orm_tests::models::User;

#[allow(unused)]
async fn program(engine: Engine, mut session: Session) -> Result<(), orm_core::Error> {
    let user = session.one(select(User)).await?;
    update(user);
    Ok(())
}

fn main() {}
