// expect: `Column<User, Option<i32>>` cannot fill a field of type `i32`
// expect: what may be NULL fills an `Option`
// at: User.age
use orm_core::prelude::*;
use orm_tests::models::User;

#[derive(Row)]
struct Ages {
    age: i32,
}

#[allow(unused)]
async fn program(engine: Engine, mut session: Session) -> Result<(), orm_core::Error> {
    select(SelectAges { age: User.age });
    Ok(())
}

fn main() {}
