// expect: the `?` operator can only be applied to values that implement `Try`
// at: session
use orm_core::prelude::*;
use orm_tests::models::User;

#[allow(unused)]
async fn program(engine: Engine, mut session: Session) -> Result<(), orm_core::Error> {
    session.commit()?;
    Ok(())
}

fn main() {}
