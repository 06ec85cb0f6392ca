// expect: rows of `sql!` cannot be read as `Bare`
// expect: a struct with `#[derive(Row)]`
// at: Bare
use orm_core::prelude::*;

struct Bare {
    supplier: i64,
}

#[allow(unused)]
async fn program(engine: Engine, mut session: Session) -> Result<(), orm_core::Error> {
    engine.all(sql!("SELECT 1 AS supplier").rows::<Bare>()).await?;
    Ok(())
}

fn main() {}
