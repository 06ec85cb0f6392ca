// expect: expected a select, such as `select(User)`, or a reference to one
// at: User
use orm_core::prelude::*;
use orm_tests::models::User;

#[allow(unused)]
async fn program(engine: Engine, mut session: Session) -> Result<(), orm_core::Error> {
    engine.exists(User).await?;
    Ok(())
}

fn main() {}
