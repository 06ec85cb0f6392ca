// expect: `&str` is not a table
// expect: expected a model's table such as `User`
// at: "posts"
use orm_core::prelude::*;
use orm_tests::models::{Post, User};

#[allow(unused)]
async fn program(engine: Engine, mut session: Session) -> Result<(), orm_core::Error> {
    update(User).set(User.name, Post.title).from("posts");
    Ok(())
}

fn main() {}
