// expect: SQL of your own is a condition as `sql!("..").cond()`
// at: sql!
use orm_core::prelude::*;
use orm_tests::models::User;

#[allow(unused)]
async fn program(engine: Engine, mut session: Session) -> Result<(), orm_core::Error> {
    select(User).filter(sql!("age > 18"));
    Ok(())
}

fn main() {}
