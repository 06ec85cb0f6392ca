// expect: an engine and a transaction insert by a statement
// at: insert(NewUser
// expect: write `.execute(insert(new)).await?`
// at: insert(NewUser
// expect: an engine and a transaction insert by a statement
// at: insert_all(
use orm_core::prelude::*;
use orm_tests::models::{NewUser, User};

#[allow(unused)]
async fn program(engine: Engine, mut session: Session) -> Result<(), orm_core::Error> {
    engine.insert(NewUser::new("Ann")).await?;
    engine.insert_all(vec![NewUser::new("Ann")]).await?;
    Ok(())
}

fn main() {}
