// expect: no field `name` on type `Option<User>`
// expect: one of the expressions
// at: name
use orm_core::prelude::*;
use orm_tests::models::User;

#[allow(unused)]
async fn program(engine: Engine, mut session: Session) -> Result<(), orm_core::Error> {
    let user = engine.first(select(User)).await?;
    println!("{}", user.name);
    Ok(())
}

fn main() {}
