// expect: an engine and a transaction insert by a statement
// at: insert(NewUser
use orm_core::prelude::*;
use orm_tests::models::{NewUser, User};

#[allow(unused)]
async fn program(engine: Engine, mut session: Session) -> Result<(), orm_core::Error> {
    let mut transaction = engine.begin().await?;
    transaction.insert(NewUser::new("Ann")).await?;
    Ok(())
}

fn main() {}
