// expect: `DefaultValue` cannot be compared or combined with an SQL `i32`
// at: DEFAULT
use orm_core::prelude::*;
use orm_tests::models::User;

#[allow(unused)]
async fn program(engine: Engine, mut session: Session) -> Result<(), orm_core::Error> {
    select(User).filter(User.age.eq(DEFAULT));
    Ok(())
}

fn main() {}
