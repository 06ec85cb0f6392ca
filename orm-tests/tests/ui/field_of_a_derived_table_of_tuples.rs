// expect: no field `user_id` on type
// at: user_id
// expect: available fields are: `0`, `1`
use orm_core::prelude::*;
use orm_tests::models::Post;

#[allow(unused)]
async fn program(engine: Engine, mut session: Session) -> Result<(), orm_core::Error> {
    let per_user = select((Post.user_id, func::count(Post.id))).group_by(Post.user_id).derived("per_user");
    select(per_user.user_id).select_from(&per_user);
    Ok(())
}

fn main() {}
