// expect: a select has no method `count`
// at: count
// expect: write `engine.count(select(..))`
use orm_core::prelude::*;
use orm_tests::models::User;

#[allow(unused)]
async fn program(engine: Engine, mut session: Session) -> Result<(), orm_core::Error> {
    let users = select(User).count();
    Ok(())
}

fn main() {}
