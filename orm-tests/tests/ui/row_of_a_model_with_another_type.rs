// expect: `Column<User, Option<i32>>` cannot fill a field of type `i32`
// at: i32
use orm_core::prelude::*;
use orm_tests::models::User;

#[derive(Row)]
#[orm(of = User)]
struct Card {
    age: i32,
}

#[allow(unused)]
async fn program(engine: Engine, mut session: Session) -> Result<(), orm_core::Error> {
    select(Card);
    Ok(())
}

fn main() {}
