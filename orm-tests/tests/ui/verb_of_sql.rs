// expect: write `engine.one(sql!("..").rows::<User>()).await?`, or `.all(..)`
// at: fetch_one
// expect: SQL of your own does not run itself
// at: execute
use orm_core::prelude::*;
use orm_tests::models::{User};

#[allow(unused)]
async fn program(engine: Engine, mut session: Session) -> Result<(), orm_core::Error> {
    sql!("SELECT 1").fetch_one(&engine).await?;
    sql!("SELECT 1").execute(&engine).await?;
    Ok(())
}

fn main() {}
