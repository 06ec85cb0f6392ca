// expect: cannot be in a list of SQL `i32`
// at: [Some(1), None]
// expect: NULL is in no list: `User.age.in_([1, 2]) | User.age.is_null()`
use orm_core::prelude::*;
use orm_tests::models::User;

#[allow(unused)]
async fn program(engine: Engine, mut session: Session) -> Result<(), orm_core::Error> {
    select(User).filter(User.age.in_([Some(1), None]));
    Ok(())
}

fn main() {}
