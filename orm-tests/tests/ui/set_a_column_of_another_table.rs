// expect: `Column<Post, String>` is not a column of `User`
// at: Post.title
use orm_core::prelude::*;
use orm_tests::models::{Post, User};

#[allow(unused)]
async fn program(engine: Engine, mut session: Session) -> Result<(), orm_core::Error> {
    update(User).set(Post.title, "x");
    Ok(())
}

fn main() {}
