// expect: an update names other tables by `from`
// at: join
// expect: write `update(Post).set(..).from(User).filter(Post.user_id.eq(User.id))`
// at: using
use orm_core::prelude::*;
use orm_tests::models::{Post, User};

#[allow(unused)]
async fn program(engine: Engine, mut session: Session) -> Result<(), orm_core::Error> {
    update(Post).set(Post.title, "x").join(User, Post.user_id.eq(User.id));
    update(Post).using(User);
    Ok(())
}

fn main() {}
