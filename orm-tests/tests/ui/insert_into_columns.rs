// expect: is neither a table nor a new row
// at: (User.name, User.age)
// expect: columns stand behind the table: `insert(Archive).from_select((Archive.id, Archive.title), select(..))`
// at: (User.name, User.age)
use orm_core::prelude::*;
use orm_tests::models::{Post, User};

#[allow(unused)]
async fn program(engine: Engine, mut session: Session) -> Result<(), orm_core::Error> {
    insert_into((User.name, User.age)).from_select(select((Post.title, lit(1))));
    Ok(())
}

fn main() {}
