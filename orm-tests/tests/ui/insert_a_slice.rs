// expect: `&[NewUser; 1]` is no new row of this table
// expect: expected `NewUser`, or a `Vec` or an array of it
// at: &rows
use orm_core::prelude::*;
use orm_tests::models::{NewUser, User};

#[allow(unused)]
async fn program(engine: Engine, mut session: Session) -> Result<(), orm_core::Error> {
    let rows = [NewUser::new("Ann")];
    insert(User).values(&rows);
    Ok(())
}

fn main() {}
