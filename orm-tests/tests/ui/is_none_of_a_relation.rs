// expect: `Relation<Post, User, One>` is a relation, and no column
// at: is_none
use orm_core::prelude::*;
use orm_tests::models::{Post, User};

#[allow(unused)]
async fn program(engine: Engine, mut session: Session) -> Result<(), orm_core::Error> {
    select(Post).filter(Post.author.is_none());
    Ok(())
}

fn main() {}
