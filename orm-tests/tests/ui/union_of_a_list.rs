// expect: does not give the rows of the select before it
// at: [select(Post.title)]
// expect: expected a select of `String`
use orm_core::prelude::*;
use orm_tests::models::{User, Post};

#[allow(unused)]
async fn program(engine: Engine, mut session: Session) -> Result<(), orm_core::Error> {
    select(User.name).union([select(Post.title)]);
    Ok(())
}

fn main() {}
