// expect: expected `&User`, found `&Post`
// at: &session[post]
use orm_core::prelude::*;
use orm_tests::models::{User, Post};

#[allow(unused)]
async fn program(engine: Engine, mut session: Session) -> Result<(), orm_core::Error> {
    let post: Handle<Post> = session.one(select(Post)).await?;
    let user: &User = &session[post];
    Ok(())
}

fn main() {}
