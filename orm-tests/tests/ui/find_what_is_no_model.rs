// expect: `String` is not a model
// expect: expected a struct with `#[derive(Model)]`
// at: find
use orm_core::prelude::*;

#[allow(unused)]
async fn program(engine: Engine, mut session: Session) -> Result<(), orm_core::Error> {
    session.find::<String>(1).await?;
    Ok(())
}

fn main() {}
