// expect: `?` operator has incompatible types
// expect: expected `Vec<i32>`, found `Vec<Option<i32>>`
// at: engine
use orm_core::prelude::*;
use orm_tests::models::User;

#[allow(unused)]
async fn program(engine: Engine, mut session: Session) -> Result<(), orm_core::Error> {
    let ages: Vec<i32> = engine.all(select(User.age)).await?;
    Ok(())
}

fn main() {}
