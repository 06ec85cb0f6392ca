// expect: cannot order by `Relation<Post, User, One>`
// at: Post.author
use orm_core::prelude::*;
use orm_tests::models::{Post, User};

#[allow(unused)]
async fn program(engine: Engine, mut session: Session) -> Result<(), orm_core::Error> {
    select(Post).order_by(Post.author);
    Ok(())
}

fn main() {}
