// expect: this method takes 0 arguments but 1 argument was supplied
// at: cast
// expect: pub fn cast<U: SqlType>(&self)
use orm_core::prelude::*;
use orm_tests::models::User;

#[allow(unused)]
async fn program(engine: Engine, mut session: Session) -> Result<(), orm_core::Error> {
    select(User.age.cast("text"));
    Ok(())
}

fn main() {}
