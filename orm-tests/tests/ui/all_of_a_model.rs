// expect: UserTable` gives no rows
// expect: expected a statement that gives rows, such as `select(User)`
// at: User
use orm_core::prelude::*;
use orm_tests::models::User;

#[allow(unused)]
async fn program(engine: Engine, mut session: Session) -> Result<(), orm_core::Error> {
    engine.all(User).await?;
    Ok(())
}

fn main() {}
