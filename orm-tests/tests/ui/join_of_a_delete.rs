// expect: write `delete(Post).using(User).filter(Post.user_id.eq(User.id))`
// at: join
// expect: a delete names other tables by `using`
// at: from
use orm_core::prelude::*;
use orm_tests::models::{Post, User};

#[allow(unused)]
async fn program(engine: Engine, mut session: Session) -> Result<(), orm_core::Error> {
    delete(Post).join(User, Post.user_id.eq(User.id));
    delete(Post).from(User);
    Ok(())
}

fn main() {}
