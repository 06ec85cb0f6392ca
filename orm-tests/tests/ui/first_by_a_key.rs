// expect: `{integer}` gives no rows
// expect: expected a statement that gives rows, such as `select(User)`
// at: 1
use orm_core::prelude::*;
use orm_tests::models::User;

#[allow(unused)]
async fn program(engine: Engine, mut session: Session) -> Result<(), orm_core::Error> {
    let user: Option<User> = engine.first(1).await?;
    Ok(())
}

fn main() {}
