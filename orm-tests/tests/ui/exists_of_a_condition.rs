// expect: mismatched types
// at: Post.user_id.eq(User.id)
// expect: found struct `Cond`
use orm_core::prelude::*;
use orm_tests::models::{User, Post};

#[allow(unused)]
async fn program(engine: Engine, mut session: Session) -> Result<(), orm_core::Error> {
    select(User).filter(exists(Post.user_id.eq(User.id)));
    Ok(())
}

fn main() {}
