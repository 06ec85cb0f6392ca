// expect: is no list of SQL `i64`
// expect: a select of one column of `i64`
// at: select((Post.user_id
use orm_core::prelude::*;
use orm_tests::models::{User, Post};

#[allow(unused)]
async fn program(engine: Engine, mut session: Session) -> Result<(), orm_core::Error> {
    select(User).filter(User.id.in_(select((Post.user_id, Post.title))));
    Ok(())
}

fn main() {}
