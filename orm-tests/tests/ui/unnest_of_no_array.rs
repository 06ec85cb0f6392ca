// expect: `String` is no array
// at: User.name
// expect: expected an array: a `Vec`
use orm_core::prelude::*;
use orm_tests::models::User;

#[allow(unused)]
async fn program(engine: Engine, mut session: Session) -> Result<(), orm_core::Error> {
    let names = func::unnest(User.name).derived("names");
    Ok(())
}

fn main() {}
