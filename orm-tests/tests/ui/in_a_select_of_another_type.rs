// expect: a select of one column of `i64`
// at: select(Post.title
use orm_core::prelude::*;
use orm_tests::models::{User, Post};

#[allow(unused)]
async fn program(engine: Engine, mut session: Session) -> Result<(), orm_core::Error> {
    select(User).filter(User.id.in_(select(Post.title)));
    Ok(())
}

fn main() {}
