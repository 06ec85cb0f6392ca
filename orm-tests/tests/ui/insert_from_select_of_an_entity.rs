// expect: expected `Select<(_, String)>`, found `Select<User>`
// at: select(User)
use orm_core::prelude::*;
use orm_tests::models::{Post, User};

#[allow(unused)]
async fn program(engine: Engine, mut session: Session) -> Result<(), orm_core::Error> {
    insert(Post).from_select((Post.user_id, Post.title), select(User));
    Ok(())
}

fn main() {}
