// expect: `RawSql` gives no rows
// expect: and `sql!(..)` with `.rows()`
use orm_core::prelude::*;

#[allow(unused)]
async fn program(engine: Engine) -> Result<(), orm_core::Error> {
    engine.all(sql!("SELECT 1")).await?;
    Ok(())
}

fn main() {}
