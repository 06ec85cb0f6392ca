// expect: a session writes what has changed with `commit` or `flush`
// at: save
// expect: write `session.commit().await?`
// at: save
use orm_core::prelude::*;
use orm_tests::models::User;

#[allow(unused)]
async fn program(engine: Engine, mut session: Session) -> Result<(), orm_core::Error> {
    let user: Handle<User> = session.one(select(User)).await?;
    session.save(user).await?;
    Ok(())
}

fn main() {}
