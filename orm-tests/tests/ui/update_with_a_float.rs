// expect: `{float}` cannot be stored in a column of type `Option<i32>`
// expect: expected a value or expression of type `Option<i32>`
// at: 26.5
use orm_core::prelude::*;
use orm_tests::models::User;

#[allow(unused)]
async fn program(engine: Engine, mut session: Session) -> Result<(), orm_core::Error> {
    update(User).set(User.age, 26.5);
    Ok(())
}

fn main() {}
