// expect: the isolation of a transaction is said as it begins
// at: serializable
// expect: write `engine.transaction_with(Isolation::Serializable, async |transaction| ..)`
// at: serializable
use orm_core::prelude::*;

#[allow(unused)]
async fn program(engine: Engine, mut session: Session) -> Result<(), orm_core::Error> {
    engine.serializable();
    Ok(())
}

fn main() {}
