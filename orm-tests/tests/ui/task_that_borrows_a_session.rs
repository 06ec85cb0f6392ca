// expect: async block may outlive the current function, but it borrows `session`, which is owned by the current function
// at: async
use orm_core::prelude::*;
use orm_tests::models::User;

fn spawn(_: impl Future<Output = Result<(), orm_core::Error>> + Send + 'static) {}

#[allow(unused)]
async fn program(engine: Engine, mut session: Session) -> Result<(), orm_core::Error> {
    spawn(async { session.flush().await });
    session.flush().await?;
    Ok(())
}

fn main() {}
