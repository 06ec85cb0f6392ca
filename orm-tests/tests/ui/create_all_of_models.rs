// expect: expected `Schema`, found `[UserTable; 1]`
// at: [User]
use orm_core::prelude::*;
use orm_tests::models::User;

#[allow(unused)]
async fn program(engine: Engine, mut session: Session) -> Result<(), orm_core::Error> {
    engine.create_all([User]).await?;
    Ok(())
}

fn main() {}
