// expect: cannot group by `Relation<Post, User, One>`
// at: Post.author
// expect: of a relation it is the foreign key, `Post.user_id`
// at: Post.author
use orm_core::prelude::*;
use orm_tests::models::Post;

#[allow(unused)]
async fn program(engine: Engine, mut session: Session) -> Result<(), orm_core::Error> {
    select(func::count(Post.id)).group_by(Post.author);
    Ok(())
}

fn main() {}
