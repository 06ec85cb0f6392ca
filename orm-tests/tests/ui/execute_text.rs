// expect: TODO
use orm_core::prelude::*;

#[allow(unused)]
async fn program(engine: Engine, mut session: Session) -> Result<(), orm_core::Error> {
    engine.execute("DELETE FROM users").await?;
    Ok(())
}

fn main() {}
