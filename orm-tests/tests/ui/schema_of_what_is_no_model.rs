// expect: TODO
use orm_core::prelude::*;

#[allow(unused)]
async fn program(engine: Engine, mut session: Session) -> Result<(), orm_core::Error> {
    engine.create_all(schema![String]).await?;
    Ok(())
}

fn main() {}
