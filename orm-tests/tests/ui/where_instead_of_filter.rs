// expect: a statement takes its conditions by `filter`
// at: where_
// expect: write `.filter(..)`, as in
// at: filter_by
use orm_core::prelude::*;
use orm_tests::models::User;

#[allow(unused)]
async fn program(engine: Engine, mut session: Session) -> Result<(), orm_core::Error> {
    select(User).where_(User.age.ge(18));
    select(User).filter_by(User.age.ge(18));
    Ok(())
}

fn main() {}
