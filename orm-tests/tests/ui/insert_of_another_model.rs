// expect: TODO
use orm_core::prelude::*;
use orm_tests::models::{NewUser, Post, User};

#[allow(unused)]
async fn program(engine: Engine, mut session: Session) -> Result<(), orm_core::Error> {
    insert(Post).values(NewUser::new("Ann"));
    Ok(())
}

fn main() {}
