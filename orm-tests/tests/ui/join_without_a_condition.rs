// expect: this method takes 2 arguments but 1 argument was supplied
// at: join
use orm_core::prelude::*;
use orm_tests::models::{User, Post};

#[allow(unused)]
async fn program(engine: Engine, mut session: Session) -> Result<(), orm_core::Error> {
    select(User).join(Post);
    Ok(())
}

fn main() {}
