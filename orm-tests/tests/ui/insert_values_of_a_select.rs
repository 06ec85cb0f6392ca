// expect: is no new row of this table
// expect: rows that a select gives are inserted by `.from_select(columns, select)`
// at: select(Post.title)
use orm_core::prelude::*;
use orm_tests::models::{Post, User};

#[allow(unused)]
async fn program(engine: Engine, mut session: Session) -> Result<(), orm_core::Error> {
    insert(User).values(select(Post.title));
    Ok(())
}

fn main() {}
