// expect: no method named `add` found for struct `orm_core::Engine` in the current scope
// at: add
use orm_core::prelude::*;
use orm_tests::models::{NewUser, User};

#[allow(unused)]
async fn program(engine: Engine, mut session: Session) -> Result<(), orm_core::Error> {
    engine.add(NewUser::new("Ann"));
    Ok(())
}

fn main() {}
