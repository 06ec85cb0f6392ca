// expect: the rows that a window function sees are said by `rows`, `range` or `groups`
// at: rows_between
// expect: write `.rows(-6..=0)`
// at: rows_between
use orm_core::prelude::*;
use orm_tests::models::User;

#[allow(unused)]
async fn program(engine: Engine, mut session: Session) -> Result<(), orm_core::Error> {
    select(func::sum(User.age).over(order_by(User.id).rows_between(-6, 0)));
    Ok(())
}

fn main() {}
