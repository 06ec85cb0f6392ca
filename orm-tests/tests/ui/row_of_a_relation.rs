// expect: `Relation<User, Post, Many>` cannot fill a field of type `Vec<Post>`
// at: User.posts
use orm_core::prelude::*;
use orm_tests::models::{Post, User};

#[derive(Row)]
struct Page {
    user: User,
    posts: Vec<Post>,
}

#[allow(unused)]
async fn program(engine: Engine, mut session: Session) -> Result<(), orm_core::Error> {
    select(SelectPage { user: User, posts: User.posts });
    Ok(())
}

fn main() {}
