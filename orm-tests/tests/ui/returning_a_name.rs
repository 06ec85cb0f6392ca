// expect: `&str` is not a table
// expect: expected a model's table such as `User`, or `User.alias("u")`
// at: returning
use orm_core::prelude::*;
use orm_tests::models::User;

#[allow(unused)]
async fn program(engine: Engine, mut session: Session) -> Result<(), orm_core::Error> {
    delete(User).returning("id");
    Ok(())
}

fn main() {}
