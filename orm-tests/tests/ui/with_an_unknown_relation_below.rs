// expect: no field `coments` on type
// at: coments
use orm_core::prelude::*;
use orm_tests::models::{Post, User};

#[allow(unused)]
async fn program(engine: Engine, mut session: Session) -> Result<(), orm_core::Error> {
    select(User).with(User.posts.with(Post.coments));
    Ok(())
}

fn main() {}
