// expect: a select does not run itself
// at: load
// expect: write `engine.all(select(..)).await?`
// at: get_result
use orm_core::prelude::*;
use orm_tests::models::User;

#[allow(unused)]
async fn program(engine: Engine, mut session: Session) -> Result<(), orm_core::Error> {
    let users = select(User).load(&engine).await?;
    let user = select(User).get_result(&engine).await?;
    Ok(())
}

fn main() {}
