// expect: is no list of columns of `User`
// expect: expected a column of `User`, or a tuple of them
// at: (User.name, Post.title)
use orm_core::prelude::*;
use orm_tests::models::{Post, User};

#[allow(unused)]
async fn program(engine: Engine, mut session: Session) -> Result<(), orm_core::Error> {
    insert(User).columns((User.name, Post.title)).values([("Ann", "First")]);
    Ok(())
}

fn main() {}
