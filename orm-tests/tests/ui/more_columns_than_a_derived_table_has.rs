// expect: mismatched types
// at: (user, posts, last)
// expect: expected a tuple with 2 elements, found one with 3 elements
use orm_core::prelude::*;
use orm_tests::models::Post;

#[allow(unused)]
async fn program(engine: Engine, mut session: Session) -> Result<(), orm_core::Error> {
    let per_user = select((Post.user_id, func::count(Post.id))).group_by(Post.user_id).derived("per_user");
    let (user, posts, last) = per_user.columns();
    Ok(())
}

fn main() {}
