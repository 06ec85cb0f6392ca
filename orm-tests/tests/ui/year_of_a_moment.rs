// expect: write `func::extract("year", Order.placed_at)`
// at: year
use orm_core::prelude::*;

#[allow(unused)]
async fn program(engine: Engine, mut session: Session) -> Result<(), orm_core::Error> {
    select(func::now().year());
    Ok(())
}

fn main() {}
