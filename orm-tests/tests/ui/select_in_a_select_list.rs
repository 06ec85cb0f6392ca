// expect: `orm_core::query::Select<i64>` cannot be selected
// at: select(func::count(Post.id
// expect: a select of one value is `select(..).scalar()`, an `Option`, as it may give no row
// at: select(func::count(Post.id
use orm_core::prelude::*;
use orm_tests::models::{Post, User};

#[allow(unused)]
async fn program(engine: Engine, mut session: Session) -> Result<(), orm_core::Error> {
    select((User.name, select(func::count(Post.id)).filter(Post.user_id.eq(User.id))));
    Ok(())
}

fn main() {}
