// expect: the `?` operator can only be applied to values that implement `Try`
// expect: consider `await`ing on the `Future`
// at: engine.one(select(User))?
use orm_core::prelude::*;
use orm_tests::models::User;

#[allow(unused)]
async fn program(engine: Engine, mut session: Session) -> Result<(), orm_core::Error> {
    let user = engine.one(select(User))?;
    Ok(())
}

fn main() {}
