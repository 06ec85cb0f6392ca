// expect: PostgreSQL cannot calculate an SQL `i32` with an SQL `String` here
// expect: `.cast::<i64>()` makes an SQL value one of another type
// at: +
use orm_core::prelude::*;
use orm_tests::models::User;

#[allow(unused)]
async fn program(engine: Engine, mut session: Session) -> Result<(), orm_core::Error> {
    select(User.age + User.name);
    Ok(())
}

fn main() {}
