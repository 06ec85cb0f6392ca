// expect: a column of type `i64` cannot hold an expression of `Option<i32>`
// expect: expected an expression of `i64`
// expect: `func::coalesce(User.age, 0)` has a value for NULL
// at: User.age
use orm_core::prelude::*;
use orm_tests::models::User;

#[allow(unused)]
async fn program(engine: Engine, mut session: Session) -> Result<(), orm_core::Error> {
    update(User).set(User.id, User.age);
    Ok(())
}

fn main() {}
