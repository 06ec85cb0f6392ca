// expect: a statement of an engine is committed by itself
// at: commit
// expect: several statements are one transaction by `engine.transaction(async |transaction| ..)`
// at: commit
use orm_core::prelude::*;

#[allow(unused)]
async fn program(engine: Engine, mut session: Session) -> Result<(), orm_core::Error> {
    engine.commit().await?;
    Ok(())
}

fn main() {}
