// expect: a select has no method `exists`
// at: exists
// expect: write `exists(select(..))` in a condition
use orm_core::prelude::*;
use orm_tests::models::{User, Post};

#[allow(unused)]
async fn program(engine: Engine, mut session: Session) -> Result<(), orm_core::Error> {
    select(User).filter(select(Post).filter(Post.user_id.eq(User.id)).exists());
    Ok(())
}

fn main() {}
