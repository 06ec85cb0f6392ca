// expect: `i32` cannot be in a list of SQL `i64`
// expect: expected values of `i64`
use orm_core::prelude::*;
use orm_tests::models::User;

#[allow(unused)]
async fn program(engine: Engine, mut session: Session) -> Result<(), orm_core::Error> {
    let ids: Vec<i32> = vec![1, 2];
    select(User).filter(User.id.in_(ids));
    Ok(())
}

fn main() {}
