// expect: a select is counted by what runs it: `engine.count(select(..))`
// expect: this is no method of a select
// at: count
use orm_core::prelude::*;
use orm_tests::models::User;

#[allow(unused)]
async fn program(engine: Engine, mut session: Session) -> Result<(), orm_core::Error> {
    engine.one(select(User).count()).await?;
    Ok(())
}

fn main() {}
