// expect: a session ends when it is dropped
// at: close
// expect: what is not committed is rolled back then
// at: close
use orm_core::prelude::*;

#[allow(unused)]
async fn program(engine: Engine, mut session: Session) -> Result<(), orm_core::Error> {
    session.close().await?;
    Ok(())
}

fn main() {}
