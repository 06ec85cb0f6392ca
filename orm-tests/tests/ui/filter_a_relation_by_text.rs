// expect: `&str` is not a condition
// expect: expected a condition such as `User.age.ge(18)`, or a bool column
// at: "public"));
use orm_core::prelude::*;
use orm_tests::models::{Post, User};

#[allow(unused)]
async fn program(engine: Engine, mut session: Session) -> Result<(), orm_core::Error> {
    select(User).with(User.posts.filter("public"));
    Ok(())
}

fn main() {}
