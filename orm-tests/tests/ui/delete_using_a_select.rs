// expect: is not a table
// expect: a select becomes a table with `.derived("name")` or `.cte("name")`
// at: select(User)
use orm_core::prelude::*;
use orm_tests::models::{Post, User};

#[allow(unused)]
async fn program(engine: Engine, mut session: Session) -> Result<(), orm_core::Error> {
    delete(Post).using(select(User));
    Ok(())
}

fn main() {}
