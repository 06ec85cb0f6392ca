// expect: statements are read by `all`, `one`, `one_or_none` or `first`
// at: query
// expect: SQL of your own is `.all(sql!("SELECT ..").rows::<User>())`
// at: query
use orm_core::prelude::*;

#[allow(unused)]
async fn program(engine: Engine, mut session: Session) -> Result<(), orm_core::Error> {
    engine.query("SELECT 1").await?;
    Ok(())
}

fn main() {}
