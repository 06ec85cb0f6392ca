// expect: a savepoint of a session is begun by `begin_nested`
// at: savepoint
// expect: write `let mut nested = session.begin_nested().await?`
// at: savepoint
use orm_core::prelude::*;

#[allow(unused)]
async fn program(engine: Engine, mut session: Session) -> Result<(), orm_core::Error> {
    let nested = session.savepoint().await?;
    Ok(())
}

fn main() {}
