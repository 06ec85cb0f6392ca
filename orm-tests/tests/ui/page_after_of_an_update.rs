// expect: has no pages
// expect: expected a select, such as `select(User).order_by(User.id)`, or a reference to one
// at: update(User)
use orm_core::prelude::*;
use orm_tests::models::User;

#[allow(unused)]
async fn program(engine: Engine, mut session: Session) -> Result<(), orm_core::Error> {
    engine.page_after(update(User).set(User.age, 1), None, 20).await?;
    Ok(())
}

fn main() {}
