// expect: `User` is not a table
// expect: expected a model's table such as `User`, or `User.alias("u")`
// expect: removed by `session.delete(handle)`
// at: user
use orm_core::prelude::*;
use orm_tests::models::User;

#[allow(unused)]
async fn program(engine: Engine, mut session: Session) -> Result<(), orm_core::Error> {
    let user = engine.one(select(User)).await?;
    delete(user);
    Ok(())
}

fn main() {}
