// expect: `User` is not a new row
// expect: expected a struct such as `NewUser`, which `#[derive(Model)]` writes beside `User`
// at: User { id: 1, name: "Ann".into(), age: None }
use orm_core::prelude::*;
use orm_tests::models::User;

#[allow(unused)]
async fn program(engine: Engine, mut session: Session) -> Result<(), orm_core::Error> {
    session.add(User { id: 1, name: "Ann".into(), age: None });
    Ok(())
}

fn main() {}
