// expect: `Option<Column<Post, i64>>` cannot be selected
// at: Some(Post.id)
// expect: what may be missing, as behind a left join, is selected by `.optional()`
// at: Some(Post.id)
use orm_core::prelude::*;
use orm_tests::models::{Post, User};

#[allow(unused)]
async fn program(engine: Engine, mut session: Session) -> Result<(), orm_core::Error> {
    select((User.name, Some(Post.id))).left_join(Post, Post.user_id.eq(User.id));
    Ok(())
}

fn main() {}
