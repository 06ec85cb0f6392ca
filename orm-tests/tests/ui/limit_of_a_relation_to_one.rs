// expect: the method `limit` exists for struct `Relation<Post, User, One>`, but its trait bounds were not satisfied
// at: limit
use orm_core::prelude::*;
use orm_tests::models::{Post, User};

#[allow(unused)]
async fn program(engine: Engine, mut session: Session) -> Result<(), orm_core::Error> {
    select(Post).with(Post.author.limit(3));
    Ok(())
}

fn main() {}
