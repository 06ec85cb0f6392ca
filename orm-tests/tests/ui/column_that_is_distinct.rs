// expect: write `func::count(Post.user_id).distinct()`, or `select(Post.user_id).distinct()`
// at: distinct
use orm_core::prelude::*;
use orm_tests::models::Post;

#[allow(unused)]
async fn program(engine: Engine, mut session: Session) -> Result<(), orm_core::Error> {
    select(func::count(Post.user_id.distinct()));
    Ok(())
}

fn main() {}
