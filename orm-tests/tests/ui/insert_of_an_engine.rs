// expect: no method named `insert` found for struct `orm_core::Engine` in the current scope
// at: insert
use orm_core::prelude::*;
use orm_tests::models::{NewUser, User};

#[allow(unused)]
async fn program(engine: Engine, mut session: Session) -> Result<(), orm_core::Error> {
    engine.insert(NewUser::new("Ann")).await?;
    Ok(())
}

fn main() {}
