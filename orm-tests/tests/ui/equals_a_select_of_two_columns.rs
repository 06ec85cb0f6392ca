// expect: cannot be compared or combined with an SQL `i64`
// expect: a select must be of one column
// at: select((Post.user_id
use orm_core::prelude::*;
use orm_tests::models::{User, Post};

#[allow(unused)]
async fn program(engine: Engine, mut session: Session) -> Result<(), orm_core::Error> {
    select(User).filter(User.id.eq(select((Post.user_id, Post.title))));
    Ok(())
}

fn main() {}
