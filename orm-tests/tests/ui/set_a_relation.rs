// expect: `Relation<Post, User, One>` is a relation, and a statement sets columns
// at: set
// expect: set the foreign key, `Post.user_id`
// at: set
use orm_core::prelude::*;
use orm_tests::models::Post;

#[allow(unused)]
async fn program(engine: Engine, mut session: Session) -> Result<(), orm_core::Error> {
    update(Post).set(Post.author, 1);
    Ok(())
}

fn main() {}
