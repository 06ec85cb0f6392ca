// expect: `Relation<User, Post, Many>` cannot be selected
// expect: expected a model, a column, an expression, or a tuple of up to 16 of them
// expect: related rows come with `select(User).with(User.posts)`
// at: User.posts
use orm_core::prelude::*;
use orm_tests::models::User;

#[allow(unused)]
async fn program(engine: Engine, mut session: Session) -> Result<(), orm_core::Error> {
    select((User, User.posts));
    Ok(())
}

fn main() {}
