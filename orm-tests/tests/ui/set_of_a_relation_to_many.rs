// expect: `Relation<User, Post, Many>` of an object of `User` cannot be set
// at: User.posts
use orm_core::prelude::*;
use orm_tests::models::{NewPost, NewUser, Post, User};

#[allow(unused)]
async fn program(engine: Engine, mut session: Session) -> Result<(), orm_core::Error> {
    let (user, post) = (session.add(NewUser::new("Ann")), session.add(NewPost::new(1, "a")));
    session.set(user, User.posts, post)?;
    Ok(())
}

fn main() {}
