// expect: write `.execute(insert(new).on_conflict(User.email).do_update().set(User.name, excluded(User.name))).await?`
// at: upsert
// expect: write `session.merge_or_add(key, new).await?`
// at: upsert
use orm_core::prelude::*;
use orm_tests::models::NewUser;

#[allow(unused)]
async fn program(engine: Engine, mut session: Session) -> Result<(), orm_core::Error> {
    engine.upsert(NewUser::new("Ann")).await?;
    session.upsert(NewUser::new("Ann")).await?;
    Ok(())
}

fn main() {}
