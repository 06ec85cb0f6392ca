// expect: `Option<&str>` cannot be stored in a column of type `Option<i32>`
// expect: expected a value or expression of type `Option<i32>`
// at: Some
use orm_core::prelude::*;
use orm_tests::models::User;

#[allow(unused)]
async fn program(engine: Engine, mut session: Session) -> Result<(), orm_core::Error> {
    update(User).set(User.age, Some("3"));
    Ok(())
}

fn main() {}
