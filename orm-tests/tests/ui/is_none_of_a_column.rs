// expect: whether a column is NULL is asked by `is_null` and `is_not_null`
// at: is_none
// expect: write `.is_null()`
use orm_core::prelude::*;
use orm_tests::models::User;

#[allow(unused)]
async fn program(engine: Engine, mut session: Session) -> Result<(), orm_core::Error> {
    select(User).filter(User.age.is_none());
    Ok(())
}

fn main() {}
