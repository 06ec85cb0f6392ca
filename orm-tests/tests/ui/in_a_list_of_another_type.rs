// expect: `&str` cannot be in a list of SQL `i64`
// expect: expected values of `i64`
use orm_core::prelude::*;
use orm_tests::models::User;

#[allow(unused)]
async fn program(engine: Engine, mut session: Session) -> Result<(), orm_core::Error> {
    select(User).filter(User.id.in_(["a", "b"]));
    Ok(())
}

fn main() {}
