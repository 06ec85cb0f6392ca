// expect: no method named `query` found for struct `orm_core::Engine` in the current scope
// at: query
use orm_core::prelude::*;

#[allow(unused)]
async fn program(engine: Engine, mut session: Session) -> Result<(), orm_core::Error> {
    engine.query("SELECT 1").await?;
    Ok(())
}

fn main() {}
