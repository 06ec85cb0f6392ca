// expect: `NewUser` is not a model
// expect: expected a struct with `#[derive(Model)]`
// at: NewUser
use orm_core::prelude::*;
use orm_tests::models::{NewUser, User};

#[allow(unused)]
async fn program(engine: Engine, mut session: Session) -> Result<(), orm_core::Error> {
    engine.create_all(schema![NewUser]).await?;
    Ok(())
}

fn main() {}
