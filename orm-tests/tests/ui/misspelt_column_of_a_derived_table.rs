// expect: no field `post` on type
// at: post
// expect: a field with a similar name exists
use orm_core::prelude::*;
use orm_tests::models::Post;

#[derive(Row)]
struct Total {
    user: i64,
    posts: i64,
}

#[allow(unused)]
async fn program(engine: Engine, mut session: Session) -> Result<(), orm_core::Error> {
    let totals = select(SelectTotal { user: Post.user_id, posts: func::count_star() }).group_by(Post.user_id).cte("totals");
    select(totals.post).select_from(&totals);
    Ok(())
}

fn main() {}
