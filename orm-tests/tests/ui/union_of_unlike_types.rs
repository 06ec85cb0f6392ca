// expect: does not give the rows of the select before it, which are `(i64, String)`
// at: select((Post.title
// expect: both select the same types in the same order
use orm_core::prelude::*;
use orm_tests::models::{User, Post};

#[allow(unused)]
async fn program(engine: Engine, mut session: Session) -> Result<(), orm_core::Error> {
    select((User.id, User.name)).union(select((Post.title, Post.id)));
    Ok(())
}

fn main() {}
