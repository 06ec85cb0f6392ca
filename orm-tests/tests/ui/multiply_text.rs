// expect: `{integer}` cannot be calculated with an SQL `String` here
// expect: numbers are calculated with numbers
// at: *
use orm_core::prelude::*;
use orm_tests::models::User;

#[allow(unused)]
async fn program(engine: Engine, mut session: Session) -> Result<(), orm_core::Error> {
    select(User.name * 2);
    Ok(())
}

fn main() {}
