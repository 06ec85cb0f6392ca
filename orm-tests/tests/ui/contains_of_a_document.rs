// expect: a document of JSON has a key by `.has_key("size")`
// at: "size"
use orm_core::prelude::*;
use orm_tests::models::Event;

#[allow(unused)]
async fn program(engine: Engine, mut session: Session) -> Result<(), orm_core::Error> {
    select(Event).filter(Event.details.contains("size"));
    Ok(())
}

fn main() {}
