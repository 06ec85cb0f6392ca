// expect: a statement takes its conditions by `filter`
// at: where_
use orm_core::prelude::*;
use orm_tests::models::User;

#[allow(unused)]
async fn program(engine: Engine, mut session: Session) -> Result<(), orm_core::Error> {
    delete(User).where_(User.id.eq(1));
    Ok(())
}

fn main() {}
