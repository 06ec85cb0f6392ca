// expect: `RowStream<'_, User>` is not an iterator
// at: engine
use orm_core::prelude::*;
use orm_tests::models::User;

#[allow(unused)]
async fn program(engine: Engine, mut session: Session) -> Result<(), orm_core::Error> {
    for user in engine.stream(select(User)).await? {}
    Ok(())
}

fn main() {}
