// expect: is not a table
// expect: a relation is joined by its foreign key: `.join_relation(Post.author)`
// at: Post.author
use orm_core::prelude::*;
use orm_tests::models::{Post, User};

#[allow(unused)]
async fn program(engine: Engine, mut session: Session) -> Result<(), orm_core::Error> {
    select((Post, User)).join(Post.author, Post.user_id.eq(User.id));
    Ok(())
}

fn main() {}
