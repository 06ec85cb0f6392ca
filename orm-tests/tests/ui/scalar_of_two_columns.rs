// expect: `(i64, String)` is not a PostgreSQL column type
// at: scalar
use orm_core::prelude::*;
use orm_tests::models::{User, Post};

#[allow(unused)]
async fn program(engine: Engine, mut session: Session) -> Result<(), orm_core::Error> {
    select((User.name, select((Post.id, Post.title)).scalar()));
    Ok(())
}

fn main() {}
