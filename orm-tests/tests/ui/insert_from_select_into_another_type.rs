// expect: a column of type `Option<i32>` cannot hold an expression of `String`
// expect: for `(Column<User, i64>, Column<User, Option<i32>>)` to implement `Receives<User, (i64, String)>`
// at: User.age)
use orm_core::prelude::*;
use orm_tests::models::{Post, User};

#[allow(unused)]
async fn program(engine: Engine, mut session: Session) -> Result<(), orm_core::Error> {
    insert(User).from_select((User.id, User.age), select((Post.id, Post.title)));
    Ok(())
}

fn main() {}
