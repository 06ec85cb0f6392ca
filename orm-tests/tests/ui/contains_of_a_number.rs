// expect: an SQL `i32` contains no `_`
// expect: expected a part of a text, an element of an array or another array, or a JSON value
// at: "1"
use orm_core::prelude::*;
use orm_tests::models::User;

#[allow(unused)]
async fn program(engine: Engine, mut session: Session) -> Result<(), orm_core::Error> {
    select(User).filter(User.age.contains("1"));
    Ok(())
}

fn main() {}
