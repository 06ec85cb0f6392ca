// expect: expected `Handle<_>`, found integer
// at: 1
use orm_core::prelude::*;
use orm_tests::models::User;

#[allow(unused)]
async fn program(engine: Engine, mut session: Session) -> Result<(), orm_core::Error> {
    println!("{}", session[1].name);
    Ok(())
}

fn main() {}
