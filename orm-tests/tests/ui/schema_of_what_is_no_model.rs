// expect: `String` is not a model
// expect: expected a struct with `#[derive(Model)]`
// at: String
use orm_core::prelude::*;

#[allow(unused)]
async fn program(engine: Engine, mut session: Session) -> Result<(), orm_core::Error> {
    engine.create_all(schema![String]).await?;
    Ok(())
}

fn main() {}
