// expect: write `Post.author.is(User.name.eq(..))` of one row
// at: has
// expect: `!User.posts.exists()` for none at all
// at: is_empty
use orm_core::prelude::*;
use orm_tests::models::{Post, User};

#[allow(unused)]
async fn program(engine: Engine, mut session: Session) -> Result<(), orm_core::Error> {
    select(Post).filter(Post.author.has(User.age.gt(18)));
    select(User).filter(User.posts.is_empty());
    Ok(())
}

fn main() {}
