// expect: no field `title` on type `Relation<User, Post, Many>`
// at: title
use orm_core::prelude::*;
use orm_tests::models::{Post, User};

#[allow(unused)]
async fn program(engine: Engine, mut session: Session) -> Result<(), orm_core::Error> {
    select(User).filter(User.posts.title.eq("a"));
    Ok(())
}

fn main() {}
