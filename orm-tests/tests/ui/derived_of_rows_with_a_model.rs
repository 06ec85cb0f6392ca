// expect: are no table
// at: derived
// expect: a struct with `#[derive(Row)]` of values
use orm_core::prelude::*;
use orm_tests::models::User;

#[derive(Row)]
struct Pair {
    user: User,
    posts: i32,
}

#[allow(unused)]
async fn program(engine: Engine, mut session: Session) -> Result<(), orm_core::Error> {
    let pairs = select(SelectPair { user: User, posts: lit(1) }).derived("pairs");
    Ok(())
}

fn main() {}
