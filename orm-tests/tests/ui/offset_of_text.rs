// expect: `&str` is no number of rows
// expect: expected an integer
// at: "10");
use orm_core::prelude::*;
use orm_tests::models::User;

#[allow(unused)]
async fn program(engine: Engine, mut session: Session) -> Result<(), orm_core::Error> {
    select(User).offset("10");
    Ok(())
}

fn main() {}
