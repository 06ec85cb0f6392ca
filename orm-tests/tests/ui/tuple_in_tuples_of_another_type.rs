// expect: cannot be in a list of SQL `String`
// at: [(1
use orm_core::prelude::*;
use orm_tests::models::{User};

#[allow(unused)]
async fn program(engine: Engine, mut session: Session) -> Result<(), orm_core::Error> {
    select(User).filter((User.id, User.name).in_([(1, 2)]));
    Ok(())
}

fn main() {}
