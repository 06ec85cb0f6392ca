// expect: a statement takes its conditions by `filter`
// at: where_
// expect: a statement takes its conditions by `filter`
// at: filter_by
use orm_core::prelude::*;
use orm_tests::models::User;

#[allow(unused)]
async fn program(engine: Engine, mut session: Session) -> Result<(), orm_core::Error> {
    update(User).set(User.age, 26).where_(User.id.eq(1));
    update(User).set(User.age, 26).filter_by(User.id.eq(1));
    Ok(())
}

fn main() {}
