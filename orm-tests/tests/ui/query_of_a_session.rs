// expect: statements are read by `all`, `one`, `one_or_none` or `first`
// at: scalars
// expect: write `session.all(select(User)).await?`
// at: scalars
use orm_core::prelude::*;
use orm_tests::models::User;

#[allow(unused)]
async fn program(engine: Engine, mut session: Session) -> Result<(), orm_core::Error> {
    let users = session.scalars(select(User)).await?;
    Ok(())
}

fn main() {}
