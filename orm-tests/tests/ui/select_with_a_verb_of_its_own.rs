// expect: a select does not run itself
// at: all
// expect: a transaction and a session have the same verbs
use orm_core::prelude::*;
use orm_tests::models::User;

#[allow(unused)]
async fn program(engine: Engine, mut session: Session) -> Result<(), orm_core::Error> {
    let users = select(User).all(&engine).await?;
    Ok(())
}

fn main() {}
