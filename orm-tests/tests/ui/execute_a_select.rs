// expect: Select<User>` cannot be executed for its effect
// expect: expected a statement that writes, such as `delete(User)`
// expect: a select gives rows: use `all`, `first`, `one` or `one_or_none`
// at: select(User)
use orm_core::prelude::*;
use orm_tests::models::User;

#[allow(unused)]
async fn program(engine: Engine, mut session: Session) -> Result<(), orm_core::Error> {
    engine.execute(select(User)).await?;
    Ok(())
}

fn main() {}
