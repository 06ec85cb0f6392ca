// expect: type annotations needed for
// at: user
use orm_core::prelude::*;
use orm_tests::models::User;

#[allow(unused)]
async fn program(engine: Engine, mut session: Session) -> Result<(), orm_core::Error> {
    let user = session.find(1).await?;
    Ok(())
}

fn main() {}
