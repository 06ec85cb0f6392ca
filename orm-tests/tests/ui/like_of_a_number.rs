// expect: `i32` is not text
// expect: expected `String`
// at: like
use orm_core::prelude::*;
use orm_tests::models::User;

#[allow(unused)]
async fn program(engine: Engine, mut session: Session) -> Result<(), orm_core::Error> {
    select(User).filter(User.age.like("1%"));
    Ok(())
}

fn main() {}
