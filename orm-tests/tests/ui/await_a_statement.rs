// expect: `orm_core::query::Select<User>` is not a future
// at: await
use orm_core::prelude::*;
use orm_tests::models::User;

#[allow(unused)]
async fn program(engine: Engine, mut session: Session) -> Result<(), orm_core::Error> {
    let users = select(User).await?;
    Ok(())
}

fn main() {}
