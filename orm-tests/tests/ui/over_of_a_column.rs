// expect: is not a window
// at: User.name
// expect: expected `order_by(..)`, `partition_by(..)`, or `()` for all rows
use orm_core::prelude::*;
use orm_tests::models::User;

#[allow(unused)]
async fn program(engine: Engine, mut session: Session) -> Result<(), orm_core::Error> {
    select(func::sum(User.age).over(User.name));
    Ok(())
}

fn main() {}
