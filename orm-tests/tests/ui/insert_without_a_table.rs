// expect: `NewUser` is not a table
// expect: expected a model's table such as `User`, or `User.alias("u")`
// at: NewUser::new("Ann")
use orm_core::prelude::*;
use orm_tests::models::{NewUser, User};

#[allow(unused)]
async fn program(engine: Engine, mut session: Session) -> Result<(), orm_core::Error> {
    insert(NewUser::new("Ann"));
    Ok(())
}

fn main() {}
