// expect: this method takes 2 arguments but 1 argument was supplied
// at: left_join
use orm_core::prelude::*;
use orm_tests::models::{Post, User};

#[allow(unused)]
async fn program(engine: Engine, mut session: Session) -> Result<(), orm_core::Error> {
    select(User).left_join(Post);
    Ok(())
}

fn main() {}
