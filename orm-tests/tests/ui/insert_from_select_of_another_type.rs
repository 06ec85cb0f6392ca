// expect: expected `Select<(_, String)>`, found `Select<(i64, i64)>`
// at: select((Post.id
use orm_core::prelude::*;
use orm_tests::models::{Post, User};

#[allow(unused)]
async fn program(engine: Engine, mut session: Session) -> Result<(), orm_core::Error> {
    insert(User).from_select((User.id, User.name), select((Post.id, Post.id)));
    Ok(())
}

fn main() {}
