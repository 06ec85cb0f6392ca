// expect: a row is found by its key with `find`
// at: get(1)
// expect: write `.find::<User>(1).await?`, an `Option<User>`
// at: get::<User>(1)
use orm_core::prelude::*;
use orm_tests::models::User;

#[allow(unused)]
async fn program(engine: Engine, mut session: Session) -> Result<(), orm_core::Error> {
    let user: User = engine.get(1).await?;
    let user = engine.get::<User>(1).await?;
    Ok(())
}

fn main() {}
