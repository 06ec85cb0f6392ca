// expect: no field `name` on type
// expect: Handle<User>`
// at: name
use orm_core::prelude::*;
use orm_tests::models::User;

#[allow(unused)]
async fn program(engine: Engine, mut session: Session) -> Result<(), orm_core::Error> {
    let user = session.one(select(User)).await?;
    println!("{}", user.name);
    Ok(())
}

fn main() {}
