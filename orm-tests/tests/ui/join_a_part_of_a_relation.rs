// expect: cannot be joined as a relation
// expect: expected a relation, such as `User.posts`, or `User.posts.filter(..)`
// at: User.posts
use orm_core::prelude::*;
use orm_tests::models::{Post, User};

#[allow(unused)]
async fn program(engine: Engine, mut session: Session) -> Result<(), orm_core::Error> {
    select((User.name, Post.title)).join_relation(User.posts.only(Post.title));
    Ok(())
}

fn main() {}
