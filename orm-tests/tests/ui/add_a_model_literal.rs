// expect: TODO
use orm_core::prelude::*;
use orm_tests::models::User;

#[allow(unused)]
async fn program(engine: Engine, mut session: Session) -> Result<(), orm_core::Error> {
    session.add(User { id: 1, name: "Ann".into(), age: None });
    Ok(())
}

fn main() {}
