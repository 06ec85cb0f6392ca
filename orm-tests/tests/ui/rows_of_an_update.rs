// expect: Update<User>` gives no rows
// expect: expected a statement that gives rows, such as `select(User)`
// expect: an insert, update or delete gives rows with `.returning(..)`, and `sql!(..)` with `.rows()`; without, use `execute`
// at: update(User).set(User.age, 1)
use orm_core::prelude::*;
use orm_tests::models::User;

#[allow(unused)]
async fn program(engine: Engine, mut session: Session) -> Result<(), orm_core::Error> {
    engine.all(update(User).set(User.age, 1)).await?;
    Ok(())
}

fn main() {}
