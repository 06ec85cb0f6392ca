// expect: `Relation<Post, User, One>` is a relation, and no column
// at: eq(1)
// expect: ask for related rows: `Post.author.is(User.name.eq(..))`
// at: eq(1)
// expect: or name the foreign key: `Post.user_id`
// at: eq(1)
use orm_core::prelude::*;
use orm_tests::models::{Post, User};

#[allow(unused)]
async fn program(engine: Engine, mut session: Session) -> Result<(), orm_core::Error> {
    select(Post).filter(Post.author.eq(1));
    Ok(())
}

fn main() {}
