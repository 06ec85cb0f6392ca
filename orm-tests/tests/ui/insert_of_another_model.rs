// expect: `NewUser` is no new row of this table
// expect: expected `NewPost`, or a `Vec` or an array of it
// at: NewUser::new("Ann")
use orm_core::prelude::*;
use orm_tests::models::{NewUser, Post, User};

#[allow(unused)]
async fn program(engine: Engine, mut session: Session) -> Result<(), orm_core::Error> {
    insert(Post).values(NewUser::new("Ann"));
    Ok(())
}

fn main() {}
