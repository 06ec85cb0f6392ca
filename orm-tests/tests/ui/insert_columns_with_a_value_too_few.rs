// expect: `&str` is no row of these columns
// expect: expected one value for each column
use orm_core::prelude::*;
use orm_tests::models::{Post, User};

#[allow(unused)]
async fn program(engine: Engine, mut session: Session) -> Result<(), orm_core::Error> {
    insert(User).columns((User.name, User.age)).values(["Ann"]);
    Ok(())
}

fn main() {}
