// expect: `&str` cannot be compared or combined with an SQL `Mood`
// expect: expected `Mood`, `Option<Mood>` where it can be NULL, or a column or expression of that type
// at: "happy"
use orm_core::prelude::*;
use orm_tests::models::Pet;

#[allow(unused)]
async fn program(engine: Engine, mut session: Session) -> Result<(), orm_core::Error> {
    select(Pet).filter(Pet.mood.eq("happy"));
    Ok(())
}

fn main() {}
