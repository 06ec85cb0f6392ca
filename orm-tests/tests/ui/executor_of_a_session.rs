// expect: Session` does not run statements for values
// expect: of a session it is `session.connection().await?`
// at: session
use orm_core::prelude::*;
use orm_tests::models::User;

async fn adults(mut db: impl Executor) -> Result<Vec<User>, Error> {
    db.all(select(User)).await
}

#[allow(unused)]
async fn program(engine: Engine, mut session: Session) -> Result<(), orm_core::Error> {
    adults(&mut session).await?;
    Ok(())
}

fn main() {}
