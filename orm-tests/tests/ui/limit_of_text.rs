// expect: `&str` is no number of rows
// at: "3"
use orm_core::prelude::*;
use orm_tests::models::User;

#[allow(unused)]
async fn program(engine: Engine, mut session: Session) -> Result<(), orm_core::Error> {
    select(User).limit("3");
    Ok(())
}

fn main() {}
