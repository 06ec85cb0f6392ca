// expect: is nothing that rows of `User` can be in conflict by
use orm_core::prelude::*;
use orm_tests::models::{NewUser, Post, User};

#[allow(unused)]
async fn program(engine: Engine, mut session: Session) -> Result<(), orm_core::Error> {
    insert(User).values(NewUser::new("Ann")).on_conflict((User.id, Post.title)).do_nothing();
    Ok(())
}

fn main() {}
