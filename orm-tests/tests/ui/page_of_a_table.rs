// expect: UserTable` has no pages
// expect: expected a select, such as `select(User).order_by(User.id)`
// at: User
use orm_core::prelude::*;
use orm_tests::models::User;

#[allow(unused)]
async fn program(engine: Engine, mut session: Session) -> Result<(), orm_core::Error> {
    engine.page(User, 1, 20).await?;
    Ok(())
}

fn main() {}
