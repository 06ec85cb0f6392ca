// expect: expected a tuple with 2 elements, found one with 3 elements
// at: engine.all(select((User.id, User.name, User.age))).await?
use orm_core::prelude::*;
use orm_tests::models::User;

#[allow(unused)]
async fn program(engine: Engine, mut session: Session) -> Result<(), orm_core::Error> {
    let rows: Vec<(i64, String)> = engine.all(select((User.id, User.name, User.age))).await?;
    Ok(())
}

fn main() {}
