// expect: expected `Option<&str>`, found integer
// at: 2, 20
use orm_core::prelude::*;
use orm_tests::models::User;

#[allow(unused)]
async fn program(engine: Engine, mut session: Session) -> Result<(), orm_core::Error> {
    engine.page_after(select(User), 2, 20).await?;
    Ok(())
}

fn main() {}
