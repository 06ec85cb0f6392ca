// expect: `Relation<User, Post, Many>` is not a relation of `Post`
// expect: of a row of several parts the first has relations: `select((User, Post)).with(User.posts)`
// at: User.posts
use orm_core::prelude::*;
use orm_tests::models::{Post, User};

#[allow(unused)]
async fn program(engine: Engine, mut session: Session) -> Result<(), orm_core::Error> {
    select((Post, User)).join_relation(Post.author).with(User.posts);
    Ok(())
}

fn main() {}
