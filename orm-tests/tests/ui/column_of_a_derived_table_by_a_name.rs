// expect: the columns of a derived table are not taken by a name
// at: "user_id"
// expect: write `table.column(Order.user_id)` with what its select gives
use orm_core::prelude::*;
use orm_tests::models::Post;

#[allow(unused)]
async fn program(engine: Engine, mut session: Session) -> Result<(), orm_core::Error> {
    let per_user = select((Post.user_id, func::count(Post.id))).group_by(Post.user_id).derived("per_user");
    select(per_user.column("user_id")).select_from(&per_user);
    Ok(())
}

fn main() {}
