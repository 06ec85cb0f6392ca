// expect: an SQL `String` cannot be compared or combined with an SQL `i64`
// expect: expected a column or expression of `i64` or `Option<i64>`
// expect: `.cast::<i64>()` makes an SQL value one of another type
// at: User.name
use orm_core::prelude::*;
use orm_tests::models::User;

#[allow(unused)]
async fn program(engine: Engine, mut session: Session) -> Result<(), orm_core::Error> {
    select(User).filter(User.id.eq(User.name));
    Ok(())
}

fn main() {}
