// expect: `bool` is not a condition
// at: User.name ==
// expect: compare in Rust and give a `bool`
use orm_core::prelude::*;
use orm_tests::models::User;

#[allow(unused)]
async fn program(engine: Engine, mut session: Session) -> Result<(), orm_core::Error> {
    select(User).filter(User.name == "Alice");
    Ok(())
}

fn main() {}
