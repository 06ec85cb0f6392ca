// expect: an engine and a transaction delete by a statement
// at: delete(user)
// expect: write `.execute(delete(User).filter(User.id.eq(1))).await?`
// at: delete::<User>(1)
use orm_core::prelude::*;
use orm_tests::models::User;

#[allow(unused)]
async fn program(engine: Engine, mut session: Session) -> Result<(), orm_core::Error> {
    let user: User = engine.one(select(User)).await?;
    engine.delete(user).await?;
    engine.delete::<User>(1).await?;
    Ok(())
}

fn main() {}
