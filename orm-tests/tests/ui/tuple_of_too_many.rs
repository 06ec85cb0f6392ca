// expect: `?` operator has incompatible types
// expect: expected a tuple with 3 elements, found one with 2 elements
// at: engine
use orm_core::prelude::*;
use orm_tests::models::User;

#[allow(unused)]
async fn program(engine: Engine, mut session: Session) -> Result<(), orm_core::Error> {
    let rows: Vec<(i64, String, i32)> = engine.all(select((User.id, User.name))).await?;
    Ok(())
}

fn main() {}
