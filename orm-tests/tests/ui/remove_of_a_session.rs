// expect: an object's row is deleted by `delete`
// at: remove
// expect: write `session.delete(handle)?`
// at: remove
use orm_core::prelude::*;
use orm_tests::models::User;

#[allow(unused)]
async fn program(engine: Engine, mut session: Session) -> Result<(), orm_core::Error> {
    let user: Handle<User> = session.one(select(User)).await?;
    session.remove(user)?;
    Ok(())
}

fn main() {}
