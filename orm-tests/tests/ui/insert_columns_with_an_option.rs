// expect: `Option<&str>` cannot be stored in a column of type `String`
use orm_core::prelude::*;
use orm_tests::models::{Post, User};

#[allow(unused)]
async fn program(engine: Engine, mut session: Session) -> Result<(), orm_core::Error> {
    insert(User).columns((User.name, User.age)).values([(Some("Ann"), 25)]);
    Ok(())
}

fn main() {}
