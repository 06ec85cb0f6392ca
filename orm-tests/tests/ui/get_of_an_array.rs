// expect: an element of an array is `.at(1)`
// at: get
use orm_core::prelude::*;
use orm_tests::models::Event;

#[allow(unused)]
async fn program(engine: Engine, mut session: Session) -> Result<(), orm_core::Error> {
    select(Event.tags.get(1));
    Ok(())
}

fn main() {}
