// expect: the method `any` exists for struct `Relation<Post, User, One>`, but its trait bounds were not satisfied
// at: any
use orm_core::prelude::*;
use orm_tests::models::{Post, User};

#[allow(unused)]
async fn program(engine: Engine, mut session: Session) -> Result<(), orm_core::Error> {
    select(Post).filter(Post.author.any(User.name.eq("Ann")));
    Ok(())
}

fn main() {}
