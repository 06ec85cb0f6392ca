// expect: cannot apply unary operator `!` to type
// at: !select(Post.id)
use orm_core::prelude::*;
use orm_tests::models::{User, Post};

#[allow(unused)]
async fn program(engine: Engine, mut session: Session) -> Result<(), orm_core::Error> {
    select(User).filter(!select(Post.id));
    Ok(())
}

fn main() {}
