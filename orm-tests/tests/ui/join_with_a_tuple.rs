// expect: `(models::_::PostTable, Cond)` is not a table
// expect: expected a model's table such as `User`, `User.alias("u")`, or a reference to a derived table
// at: (Post, Post.
use orm_core::prelude::*;
use orm_tests::models::{Post, User};

#[allow(unused)]
async fn program(engine: Engine, mut session: Session) -> Result<(), orm_core::Error> {
    select(User).join((Post, Post.user_id.eq(User.id)));
    Ok(())
}

fn main() {}
