// expect: `Column<Post, i64>` is not a table
// expect: expected a model's table such as `User`, `User.alias("u")`, or a reference to a derived table
// at: Post.user_id
use orm_core::prelude::*;
use orm_tests::models::{User, Post};

#[allow(unused)]
async fn program(engine: Engine, mut session: Session) -> Result<(), orm_core::Error> {
    select(User).join(Post.user_id, Post.user_id.eq(User.id));
    Ok(())
}

fn main() {}
