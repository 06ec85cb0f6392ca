// expect: a row is found by other columns than its key with a select
// at: find_by
// expect: write `.one_or_none(select(User)
// at: find_by
use orm_core::prelude::*;
use orm_tests::models::User;

#[allow(unused)]
async fn program(engine: Engine, mut session: Session) -> Result<(), orm_core::Error> {
    engine.find_by(User.name, "Ann").await?;
    Ok(())
}

fn main() {}
