// expect: the trait bound `impl Future<Output = Result<Vec<...>, ...>>: AsyncFnMut(...)` is not satisfied
// at: engine
use orm_core::prelude::*;
use orm_tests::models::User;

#[allow(unused)]
async fn program(engine: Engine, mut session: Session) -> Result<(), orm_core::Error> {
    engine.transaction(engine.all(select(User))).await?;
    Ok(())
}

fn main() {}
