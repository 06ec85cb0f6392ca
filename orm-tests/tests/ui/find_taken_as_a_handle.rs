// expect: expected `Handle<_>`, found `Option<Handle<User>>`
// at: user
use orm_core::prelude::*;
use orm_tests::models::User;

#[allow(unused)]
async fn program(engine: Engine, mut session: Session) -> Result<(), orm_core::Error> {
    let user = session.find::<User>(1).await?;
    println!("{}", session[user].name);
    Ok(())
}

fn main() {}
