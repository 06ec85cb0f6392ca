// expect: Handle<User>` cannot be compared or combined with an SQL `i64`
// expect: expected `i64`, `Option<i64>` where it can be NULL, or a column or expression of that type
// expect: an object is named by its key, as `user.id` or `session[handle].id`
// at: user
use orm_core::prelude::*;
use orm_tests::models::{NewUser, Post, User};

#[allow(unused)]
async fn program(engine: Engine, mut session: Session) -> Result<(), orm_core::Error> {
    let user = session.add(NewUser::new("Ann"));
    select(Post).filter(Post.user_id.eq(user));
    Ok(())
}

fn main() {}
