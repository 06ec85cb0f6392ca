// expect: does not give the rows of the select before it
// at: select(Post)
// expect: models are selected column by column
use orm_core::prelude::*;
use orm_tests::models::{User, Post};

#[allow(unused)]
async fn program(engine: Engine, mut session: Session) -> Result<(), orm_core::Error> {
    select(User).union_all(select(Post));
    Ok(())
}

fn main() {}
