// expect: an engine and a transaction update by a statement
// at: update(&user)
// expect: `.save(&mut user)` with a `Tracked<User>`
// at: update(&user)
use orm_core::prelude::*;
use orm_tests::models::User;

#[allow(unused)]
async fn program(engine: Engine, mut session: Session) -> Result<(), orm_core::Error> {
    let user: User = engine.one(select(User)).await?;
    engine.update(&user).await?;
    Ok(())
}

fn main() {}
