// expect: Handle<User>` cannot be in a list of SQL `i64`
// expect: expected values of `i64`
use orm_core::prelude::*;
use orm_tests::models::{NewUser, Post, User};

#[allow(unused)]
async fn program(engine: Engine, mut session: Session) -> Result<(), orm_core::Error> {
    let users = session.add_all([NewUser::new("Ann")]);
    select(Post).filter(Post.user_id.in_(users));
    Ok(())
}

fn main() {}
