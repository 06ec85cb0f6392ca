// expect: expected `Handle<User>`, found `Option<_>`
// at: None)
use orm_core::prelude::*;
use orm_tests::models::{NewPost, NewUser, Post, User};

#[allow(unused)]
async fn program(engine: Engine, mut session: Session) -> Result<(), orm_core::Error> {
    let post = session.add(NewPost::new(1, "a"));
    session.set(post, Post.author, None)?;
    Ok(())
}

fn main() {}
