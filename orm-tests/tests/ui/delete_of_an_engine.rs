// expect: no method named `delete` found for struct `orm_core::Engine` in the current scope
// at: delete
use orm_core::prelude::*;
use orm_tests::models::User;

#[allow(unused)]
async fn program(engine: Engine, mut session: Session) -> Result<(), orm_core::Error> {
    let user: User = engine.one(select(User)).await?;
    engine.delete(user).await?;
    Ok(())
}

fn main() {}
