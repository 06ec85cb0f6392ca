// expect: no field `name` on type `Relation<Post, User, One>`
// at: name
use orm_core::prelude::*;
use orm_tests::models::{Post, User};

#[allow(unused)]
async fn program(engine: Engine, mut session: Session) -> Result<(), orm_core::Error> {
    select(Post).filter(Post.author.name.eq("Ann"));
    Ok(())
}

fn main() {}
