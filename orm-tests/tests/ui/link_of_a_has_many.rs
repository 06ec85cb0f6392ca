// expect: `Relation<User, Post, Many>` is not a `many_to_many` of `User`
// at: User.posts
use orm_core::prelude::*;
use orm_tests::models::{NewPost, NewUser, Post, User};

#[allow(unused)]
async fn program(engine: Engine, mut session: Session) -> Result<(), orm_core::Error> {
    let (user, post) = (session.add(NewUser::new("Ann")), session.add(NewPost::new(1, "a")));
    session.link(user, User.posts, post)?;
    Ok(())
}

fn main() {}
