// expect: expected a column type that is no `Option`: what may be NULL becomes one by itself
// at: Option<i64>
use orm_core::prelude::*;
use orm_tests::models::User;

#[allow(unused)]
async fn program(engine: Engine, mut session: Session) -> Result<(), orm_core::Error> {
    select(User.age.cast::<Option<i64>>());
    Ok(())
}

fn main() {}
