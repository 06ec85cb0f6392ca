// expect: async block may outlive the current function, but it borrows `session`, which is owned by the current function
// at: async
use orm_core::prelude::*;
use orm_tests::models::User;

#[allow(unused)]
async fn program(engine: Engine, mut session: Session) -> Result<(), orm_core::Error> {
    tokio::spawn(async { session.flush().await });
    session.flush().await?;
    Ok(())
}

fn main() {}
