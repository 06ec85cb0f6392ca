// expect: a select does not run itself
// at: load
// expect: write `engine.all(select(..)).await?`
use orm_core::prelude::*;
use orm_tests::models::User;

#[allow(unused)]
async fn program(engine: Engine, mut session: Session) -> Result<(), orm_core::Error> {
    let users = select(User).load(&engine).await?;
    Ok(())
}

fn main() {}
