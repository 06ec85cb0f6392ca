// expect: `(&str, {integer})` is no new row of this table
// expect: expected `NewUser`, or a `Vec` or an array of it
// at: ("Ann", 25)
use orm_core::prelude::*;
use orm_tests::models::User;

#[allow(unused)]
async fn program(engine: Engine, mut session: Session) -> Result<(), orm_core::Error> {
    insert(User).values(("Ann", 25));
    Ok(())
}

fn main() {}
