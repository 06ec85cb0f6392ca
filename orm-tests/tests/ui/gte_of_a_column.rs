// expect: values are compared by `lt`, `le`, `gt` and `ge`
// at: gte
// expect: `.ge(..)` for `>=`
// at: gte
use orm_core::prelude::*;
use orm_tests::models::User;

#[allow(unused)]
async fn program(engine: Engine, mut session: Session) -> Result<(), orm_core::Error> {
    select(User).filter(User.age.gte(18) & User.age.lte(30));
    Ok(())
}

fn main() {}
