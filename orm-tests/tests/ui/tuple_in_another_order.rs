// expect: `?` operator has incompatible types
// expect: expected `Vec<(String, i64)>`, found `Vec<(i64, String)>`
// at: engine
use orm_core::prelude::*;
use orm_tests::models::User;

#[allow(unused)]
async fn program(engine: Engine, mut session: Session) -> Result<(), orm_core::Error> {
    let rows: Vec<(String, i64)> = engine.all(select((User.id, User.name))).await?;
    Ok(())
}

fn main() {}
