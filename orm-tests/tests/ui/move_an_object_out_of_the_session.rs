// expect: cannot move out of index of
// expect: consider borrowing here
// at: session[user]
use orm_core::prelude::*;
use orm_tests::models::User;

#[allow(unused)]
async fn program(engine: Engine, mut session: Session) -> Result<(), orm_core::Error> {
    let user = session.one(select(User)).await?;
    let user: User = session[user];
    Ok(())
}

fn main() {}
