// expect: is not a table
// at: select(Post)
// expect: a select becomes a table with `.derived("name")`
use orm_core::prelude::*;
use orm_tests::models::{User, Post};

#[allow(unused)]
async fn program(engine: Engine, mut session: Session) -> Result<(), orm_core::Error> {
    select(User).join(select(Post), Post.user_id.eq(User.id));
    Ok(())
}

fn main() {}
