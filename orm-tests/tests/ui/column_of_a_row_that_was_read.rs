// expect: no field `posts` on type
// at: posts
// expect: available fields are: `id`, `name`, `age`
use orm_core::prelude::*;
use orm_tests::models::{User, Post};

#[allow(unused)]
async fn program(engine: Engine, mut session: Session) -> Result<(), orm_core::Error> {
    let user: User = engine.one(select(User)).await?;
    select(Post).filter(user.posts.eq(1));
    Ok(())
}

fn main() {}
