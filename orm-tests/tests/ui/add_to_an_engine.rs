// expect: objects are added to a session
// at: add
// expect: write `session.add(new)`
// at: add
use orm_core::prelude::*;
use orm_tests::models::{NewUser, User};

#[allow(unused)]
async fn program(engine: Engine, mut session: Session) -> Result<(), orm_core::Error> {
    engine.add(NewUser::new("Ann"));
    Ok(())
}

fn main() {}
