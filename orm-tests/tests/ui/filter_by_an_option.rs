// expect: `Option<&str>` is not a condition
// at: name)
use orm_core::prelude::*;
use orm_tests::models::User;

#[allow(unused)]
async fn program(engine: Engine, mut session: Session) -> Result<(), orm_core::Error> {
    let name = Some("Ann"); select(User).filter(name);
    Ok(())
}

fn main() {}
