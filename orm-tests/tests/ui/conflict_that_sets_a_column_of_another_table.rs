// expect: `Column<Post, String>` is not a column of `User`
use orm_core::prelude::*;
use orm_tests::models::{NewUser, Post, User};

#[allow(unused)]
async fn program(engine: Engine, mut session: Session) -> Result<(), orm_core::Error> {
    insert(User).values(NewUser::new("Ann")).on_conflict(User.id).do_update().set(Post.title, "x");
    Ok(())
}

fn main() {}
