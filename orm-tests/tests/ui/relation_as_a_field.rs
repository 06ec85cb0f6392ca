// expect: no field `posts` on type `User`
// at: posts
use orm_core::prelude::*;
use orm_tests::models::{Post, User};

#[allow(unused)]
async fn program(engine: Engine, mut session: Session) -> Result<(), orm_core::Error> {
    let user = session.one(select(User)).await?;
    let posts = &session[user].posts;
    Ok(())
}

fn main() {}
