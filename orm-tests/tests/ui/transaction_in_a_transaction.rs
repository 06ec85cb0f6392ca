// expect: a transaction has savepoints and no transactions
// at: begin_nested
// expect: write `transaction.nested(async |transaction| ..).await?`
// at: begin_nested
use orm_core::prelude::*;

#[allow(unused)]
async fn program(engine: Engine, mut session: Session) -> Result<(), orm_core::Error> {
    let mut transaction = engine.begin().await?;
    transaction.begin_nested().await?;
    Ok(())
}

fn main() {}
