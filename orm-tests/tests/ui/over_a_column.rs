// expect: `Column<User, Option<i32>>` is not a window
// expect: expected `order_by(..)`, `partition_by(..)`, or `()` for all rows
// at: User.age
use orm_core::prelude::*;
use orm_tests::models::User;

#[allow(unused)]
async fn program(engine: Engine, mut session: Session) -> Result<(), orm_core::Error> {
    select(func::rank().over(User.age));
    Ok(())
}

fn main() {}
