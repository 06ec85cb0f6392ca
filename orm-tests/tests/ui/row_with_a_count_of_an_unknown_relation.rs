// expect: no field `pots` on type
// at: pots
// expect: a field with a similar name exists
// at: pots
use orm_core::prelude::*;
use orm_tests::models::{Post, User};

#[derive(Row, Clone)]
#[orm(of = Post)]
struct PostLine {
    title: String,
}

#[derive(Row)]
#[orm(of = User)]
struct UserPage {
    id: i64,
    #[orm(count = pots)]
    count: i64,
}

#[allow(unused)]
async fn program(engine: Engine) -> Result<(), orm_core::Error> {
    let pages: Vec<UserPage> = engine.all(select(UserPage)).await?;
    Ok(())
}

fn main() {}
