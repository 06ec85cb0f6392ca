// expect: work is done again by `transaction`
// at: with_retry
// expect: does it up to five times, after collisions
// at: with_retry
use orm_core::prelude::*;

#[allow(unused)]
async fn program(engine: Engine, mut session: Session) -> Result<(), orm_core::Error> {
    engine.with_retry(3);
    Ok(())
}

fn main() {}
