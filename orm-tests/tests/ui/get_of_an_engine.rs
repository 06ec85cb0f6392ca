// expect: no method named `get` found for struct `orm_core::Engine` in the current scope
// at: get
use orm_core::prelude::*;
use orm_tests::models::User;

#[allow(unused)]
async fn program(engine: Engine, mut session: Session) -> Result<(), orm_core::Error> {
    let user: User = engine.get(1).await?;
    Ok(())
}

fn main() {}
