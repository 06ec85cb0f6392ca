// expect: `&str` does not name a row of `User`
// expect: expected its key `i64`, a `Handle<User>` or a `&User`
// at: "Hello"
use orm_core::prelude::*;
use orm_tests::models::{NewPost, Post};

#[allow(unused)]
async fn program(engine: Engine, mut session: Session) -> Result<(), orm_core::Error> {
    session.add(NewPost::new("Hello"));
    Ok(())
}

fn main() {}
