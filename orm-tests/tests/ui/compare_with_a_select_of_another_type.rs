// expect: an SQL `String` cannot be compared or combined with an SQL `i32`
// at: select(Post.title)
// expect: `.cast::<i64>()` makes an SQL value one of another type; a select must be of one column
use orm_core::prelude::*;
use orm_tests::models::{User, Post};

#[allow(unused)]
async fn program(engine: Engine, mut session: Session) -> Result<(), orm_core::Error> {
    select(User).filter(User.age.gt(select(Post.title)));
    Ok(())
}

fn main() {}
