// expect: `&str` is not a window
// at: "by_age"
// expect: `func::rank().over(partition_by(Post.user_id).order_by(Post.id.desc()))`
use orm_core::prelude::*;
use orm_tests::models::User;

#[allow(unused)]
async fn program(engine: Engine, mut session: Session) -> Result<(), orm_core::Error> {
    select(func::rank().over("by_age"));
    Ok(())
}

fn main() {}
