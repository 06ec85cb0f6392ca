// expect: expected `i64`, found `i32`
// at: page
use orm_core::prelude::*;
use orm_tests::models::User;

#[allow(unused)]
async fn program(engine: Engine, mut session: Session) -> Result<(), orm_core::Error> {
    let page: i32 = 3;
    select(User).limit(page);
    Ok(())
}

fn main() {}
