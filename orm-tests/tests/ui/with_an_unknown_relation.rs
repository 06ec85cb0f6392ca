// expect: no field `pots` on type
// at: pots
// expect: a field with a similar name exists
// at: pots
use orm_core::prelude::*;
use orm_tests::models::{Post, User};

#[allow(unused)]
async fn program(engine: Engine, mut session: Session) -> Result<(), orm_core::Error> {
    select(User).with(User.pots);
    Ok(())
}

fn main() {}
