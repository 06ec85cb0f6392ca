// expect: the method `is` exists for struct `Relation<User, Post, Many>`, but its trait bounds were not satisfied
// at: is
use orm_core::prelude::*;
use orm_tests::models::{Post, User};

#[allow(unused)]
async fn program(engine: Engine, mut session: Session) -> Result<(), orm_core::Error> {
    select(User).filter(User.posts.is(Post.title.eq("a")));
    Ok(())
}

fn main() {}
