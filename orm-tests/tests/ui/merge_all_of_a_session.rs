// expect: values from elsewhere are merged one by one
// at: merge_all
// expect: write `session.merge(value).await?` for each
// at: merge_all
use orm_core::prelude::*;
use orm_tests::models::User;

#[allow(unused)]
async fn program(engine: Engine, mut session: Session) -> Result<(), orm_core::Error> {
    let users: Vec<User> = engine.all(select(User)).await?;
    session.merge_all(users).await?;
    Ok(())
}

fn main() {}
