// expect: `{integer}` is no list of SQL `i64`
// expect: expected a list of values, or a select of one column of `i64`
// at: 1
use orm_core::prelude::*;
use orm_tests::models::User;

#[allow(unused)]
async fn program(engine: Engine, mut session: Session) -> Result<(), orm_core::Error> {
    select(User).filter(User.id.in_(1, 2));
    Ok(())
}

fn main() {}
