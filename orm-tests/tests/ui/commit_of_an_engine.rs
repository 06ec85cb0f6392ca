// expect: no method named `commit` found for struct
// expect: Engine` in the current scope
// at: commit
use orm_core::prelude::*;

#[allow(unused)]
async fn program(engine: Engine, mut session: Session) -> Result<(), orm_core::Error> {
    engine.commit().await?;
    Ok(())
}

fn main() {}
