// expect: expected `Handle<_>`, found `User`
// at: user
use orm_core::prelude::*;
use orm_tests::models::User;

#[allow(unused)]
async fn program(engine: Engine, mut session: Session) -> Result<(), orm_core::Error> {
    let user = engine.one(select(User)).await?;
    session.delete(user)?;
    Ok(())
}

fn main() {}
