// expect: Handle<User>` is not a table
// expect: expected a model's table such as `User`, or `User.alias("u")`
// expect: an object of a session is changed by `session[handle].name = ..`
// at: user
use orm_core::prelude::*;
use orm_tests::models::User;

#[allow(unused)]
async fn program(engine: Engine, mut session: Session) -> Result<(), orm_core::Error> {
    let user = session.one(select(User)).await?;
    update(user);
    Ok(())
}

fn main() {}
