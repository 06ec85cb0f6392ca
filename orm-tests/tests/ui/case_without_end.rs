// expect: cannot be selected
use orm_core::prelude::*;
use orm_tests::models::{User};

#[allow(unused)]
async fn program(engine: Engine, mut session: Session) -> Result<(), orm_core::Error> {
    select(case().when(User.age.lt(18), "minor"));
    Ok(())
}

fn main() {}
