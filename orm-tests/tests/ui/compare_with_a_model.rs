// expect: TODO
use orm_core::prelude::*;
use orm_tests::models::{User, Post};

#[allow(unused)]
async fn program(engine: Engine, mut session: Session) -> Result<(), orm_core::Error> {
    let user = engine.one(select(User)).await?;
    select(Post).filter(Post.user_id.eq(user));
    Ok(())
}

fn main() {}
