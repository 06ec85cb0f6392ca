// expect: `Relation<User, Post, Many>` is not a condition
// expect: expected a condition such as `User.age.ge(18)`, or a bool column
// expect: the condition of a relation is `User.posts.on(Post)`
// at: User.posts
use orm_core::prelude::*;
use orm_tests::models::{User, Post};

#[allow(unused)]
async fn program(engine: Engine, mut session: Session) -> Result<(), orm_core::Error> {
    select(User).join(Post, User.posts);
    Ok(())
}

fn main() {}
