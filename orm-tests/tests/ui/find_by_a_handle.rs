// expect: Handle<User>` is no key of this model
// expect: expected the primary key, `i64`
// expect: the object that a handle names is `session[handle]`
// at: user
use orm_core::prelude::*;
use orm_tests::models::{NewUser, User};

#[allow(unused)]
async fn program(engine: Engine, mut session: Session) -> Result<(), orm_core::Error> {
    let user = session.add(NewUser::new("Ann"));
    session.find::<User>(user).await?;
    Ok(())
}

fn main() {}
