// expect: `Column<User, String>` of an object of `Post` cannot be set
// at: User.name
use orm_core::prelude::*;
use orm_tests::models::{NewPost, NewUser, Post, User};

#[allow(unused)]
async fn program(engine: Engine, mut session: Session) -> Result<(), orm_core::Error> {
    let post = session.add(NewPost::new(1, "a"));
    session.set(post, User.name, "Ann")?;
    Ok(())
}

fn main() {}
