// expect: no variant or associated item named `Glad` found for enum `Mood` in the current scope
// at: Glad
use orm_core::prelude::*;
use orm_tests::models::{Mood, Pet};

#[allow(unused)]
async fn program(engine: Engine, mut session: Session) -> Result<(), orm_core::Error> {
    select(Pet).filter(Pet.mood.eq(Mood::Glad));
    Ok(())
}

fn main() {}
