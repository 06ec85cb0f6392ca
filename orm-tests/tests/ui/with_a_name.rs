// expect: `&str` is not a relation of `User`
// expect: expected a relation of the selected model, such as `User.posts` or `Post.author`
// at: "posts");
use orm_core::prelude::*;
use orm_tests::models::{Post, User};

#[allow(unused)]
async fn program(engine: Engine, mut session: Session) -> Result<(), orm_core::Error> {
    select(User).with("posts");
    Ok(())
}

fn main() {}
