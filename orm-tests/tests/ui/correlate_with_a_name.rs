// expect: `&str` is not a table
// at: "users"
// expect: expected a model's table such as `User`
use orm_core::prelude::*;
use orm_tests::models::{User, Post};

#[allow(unused)]
async fn program(engine: Engine, mut session: Session) -> Result<(), orm_core::Error> {
    select(User).filter(exists(select(Post).correlate("users")));
    Ok(())
}

fn main() {}
