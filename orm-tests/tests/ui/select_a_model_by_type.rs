// expect: `User` is not a table
// expect: expected a model's table such as `User`, or `User.alias("u")`
// at: select::<User>()
use orm_core::prelude::*;
use orm_tests::models::User;

#[allow(unused)]
async fn program(engine: Engine, mut session: Session) -> Result<(), orm_core::Error> {
    select::<User>();
    Ok(())
}

fn main() {}
