// expect: cannot multiply `Cond` by `{integer}`
// at: *
use orm_core::prelude::*;
use orm_tests::models::User;

#[allow(unused)]
async fn program(engine: Engine, mut session: Session) -> Result<(), orm_core::Error> {
    select(User.age.gt(1) * 2);
    Ok(())
}

fn main() {}
