// expect: no method named `left_outer_join`
// at: left_outer_join
// expect: there is a method `outer_join` with a similar name
use orm_core::prelude::*;
use orm_tests::models::{User, Post};

#[allow(unused)]
async fn program(engine: Engine, mut session: Session) -> Result<(), orm_core::Error> {
    select(User).left_outer_join(Post, Post.user_id.eq(User.id));
    Ok(())
}

fn main() {}
