// expect: `&str` is no statement
// at: "SELECT 1"
use orm_core::prelude::*;
use orm_tests::models::User;

#[allow(unused)]
async fn program(engine: Engine, mut session: Session) -> Result<(), orm_core::Error> {
    engine.explain("SELECT 1").await?;
    Ok(())
}

fn main() {}
