// expect: `&str` is not a table
// expect: expected a model's table such as `User`, `User.alias("u")`, or a reference to a derived table
// at: "posts"
use orm_core::prelude::*;
use orm_tests::models::{User, Post};

#[allow(unused)]
async fn program(engine: Engine, mut session: Session) -> Result<(), orm_core::Error> {
    select(User).join("posts", Post.user_id.eq(User.id));
    Ok(())
}

fn main() {}
