// expect: mismatched types
// at: 1
// expect: Handle<User>
use orm_core::prelude::*;
use orm_tests::models::User;

#[allow(unused)]
async fn program(engine: Engine, mut session: Session) -> Result<(), orm_core::Error> {
    let user = session.get::<User>(1).await?;
    Ok(())
}

fn main() {}
