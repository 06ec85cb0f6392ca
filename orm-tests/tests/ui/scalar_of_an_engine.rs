// expect: rows of one value are read by the same verbs as others
// at: scalar
// expect: write `.one(select(func::count(User.id))).await?`
// at: scalar
use orm_core::prelude::*;
use orm_tests::models::User;

#[allow(unused)]
async fn program(engine: Engine, mut session: Session) -> Result<(), orm_core::Error> {
    let count: i64 = engine.scalar(select(func::count(User.id))).await?;
    Ok(())
}

fn main() {}
