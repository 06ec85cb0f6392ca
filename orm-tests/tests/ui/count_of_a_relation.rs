// expect: `Relation<User, Post, Many>` cannot be counted
// at: User.posts
// expect: how many rows a relation leads to is `User.posts.count()`
// at: User.posts
use orm_core::prelude::*;
use orm_tests::models::User;

#[allow(unused)]
async fn program(engine: Engine, mut session: Session) -> Result<(), orm_core::Error> {
    select(func::count(User.posts));
    Ok(())
}

fn main() {}
