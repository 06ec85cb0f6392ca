// expect: `Relation<User, Post, Many>` is not a relation of `Post`
// at: User.posts));
use orm_core::prelude::*;
use orm_tests::models::{Post, User};

#[allow(unused)]
async fn program(engine: Engine, mut session: Session) -> Result<(), orm_core::Error> {
    select(User).with(User.posts.with(User.posts));
    Ok(())
}

fn main() {}
