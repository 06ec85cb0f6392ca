// expect: is not a table
// at: per_user
// expect: it is then joined as `&name`
use orm_core::prelude::*;
use orm_tests::models::{User, Post};

#[allow(unused)]
async fn program(engine: Engine, mut session: Session) -> Result<(), orm_core::Error> {
    let per_user = select((Post.user_id, func::count(Post.id))).group_by(Post.user_id).derived("per_user");
    select(User).join(per_user, per_user.0.eq(User.id));
    Ok(())
}

fn main() {}
