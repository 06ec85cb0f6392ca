// expect: Handle<User>` is not a condition
// at: ann
// expect: an object is named by its key, or the foreign key: `Post.user_id.eq(session[handle].id)`
// at: ann
use orm_core::prelude::*;
use orm_tests::models::{Post, User};

#[allow(unused)]
async fn program(engine: Engine, mut session: Session) -> Result<(), orm_core::Error> {
    let ann = session.one(select(User)).await?;
    select(Post).filter(Post.author.is(ann));
    Ok(())
}

fn main() {}
