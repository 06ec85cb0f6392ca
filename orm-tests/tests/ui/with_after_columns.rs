// expect: the method `with` exists for struct
// expect: the following trait bounds were not satisfied: `String:
// expect: Select<String>`, but its trait bounds were not satisfied
// at: with
use orm_core::prelude::*;
use orm_tests::models::User;

#[allow(unused)]
async fn program(engine: Engine, mut session: Session) -> Result<(), orm_core::Error> {
    select(User.name).with(User.posts);
    Ok(())
}

fn main() {}
