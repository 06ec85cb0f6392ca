// expect: `i32` cannot be compared or combined with an SQL `i64`
// expect: expected `i64`, `Option<i64>` where it can be NULL, or a column or expression of that type
// at: id
use orm_core::prelude::*;
use orm_tests::models::User;

#[allow(unused)]
async fn program(engine: Engine, mut session: Session) -> Result<(), orm_core::Error> {
    let id: i32 = 1;
    select(User).filter(User.id.eq(id));
    Ok(())
}

fn main() {}
