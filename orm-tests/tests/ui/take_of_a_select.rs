// expect: how many rows there are, and from where on, is said by `limit` and `offset`
// at: skip
// expect: write `.limit(20).offset(40)`
// at: skip
use orm_core::prelude::*;
use orm_tests::models::User;

#[allow(unused)]
async fn program(engine: Engine, mut session: Session) -> Result<(), orm_core::Error> {
    select(User).skip(40).take(20);
    Ok(())
}

fn main() {}
