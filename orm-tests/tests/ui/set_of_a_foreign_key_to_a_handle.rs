// expect: an object is given to its relation: `session.set(post, Post.author, user)`
// at: Post.user_id
use orm_core::prelude::*;
use orm_tests::models::{Post, User};

#[allow(unused)]
async fn program(engine: Engine, mut session: Session) -> Result<(), orm_core::Error> {
    let (post, user) = (session.one(select(Post)).await?, session.one(select(User)).await?);
    session.set(post, Post.user_id, user)?;
    Ok(())
}

fn main() {}
