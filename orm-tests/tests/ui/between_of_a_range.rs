// expect: `std::ops::Range<{integer}>` cannot be compared or combined with an SQL `i32`
// expect: expected `i32`, `Option<i32>` where it can be NULL, or a column or expression of that type
// at: 1
use orm_core::prelude::*;
use orm_tests::models::User;

#[allow(unused)]
async fn program(engine: Engine, mut session: Session) -> Result<(), orm_core::Error> {
    select(User).filter(User.age.between(1..5));
    Ok(())
}

fn main() {}
