// expect: a column of type `String` cannot hold an expression of `Option<String>`
// expect: func::coalesce
// at: select(func::max
use orm_core::prelude::*;
use orm_tests::models::{User, Post};

#[allow(unused)]
async fn program(engine: Engine, mut session: Session) -> Result<(), orm_core::Error> {
    update(User).set(User.name, select(func::max(Post.title)));
    Ok(())
}

fn main() {}
