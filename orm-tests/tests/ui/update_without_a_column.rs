// expect: `&str` is not a column of `User`
// at: "age"
use orm_core::prelude::*;
use orm_tests::models::User;

#[allow(unused)]
async fn program(engine: Engine, mut session: Session) -> Result<(), orm_core::Error> {
    update(User).set("age", 26);
    Ok(())
}

fn main() {}
