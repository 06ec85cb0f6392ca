// expect: UPDATE and DELETE have no order and no limit
// at: limit
use orm_core::prelude::*;
use orm_tests::models::Post;

#[allow(unused)]
async fn program(engine: Engine, mut session: Session) -> Result<(), orm_core::Error> {
    delete(Post).filter(Post.user_id.eq(1)).limit(10);
    Ok(())
}

fn main() {}
