// expect: `Relation<Post, User, One>` is not a relation of `User`
// at: Post.author
use orm_core::prelude::*;
use orm_tests::models::{Post, User};

#[allow(unused)]
async fn program(engine: Engine, mut session: Session) -> Result<(), orm_core::Error> {
    let users = engine.all(select(User)).await?;
    engine.load(&users, Post.author).await?;
    Ok(())
}

fn main() {}
