// expect: attempted to take value of method `desc`
// at: desc
// expect: use parentheses to call the method
use orm_core::prelude::*;
use orm_tests::models::User;

#[allow(unused)]
async fn program(engine: Engine, mut session: Session) -> Result<(), orm_core::Error> {
    select(User).order_by(User.age.desc);
    Ok(())
}

fn main() {}
