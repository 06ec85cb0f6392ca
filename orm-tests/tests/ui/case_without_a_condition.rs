// expect: `bool` is not a condition
use orm_core::prelude::*;

#[allow(unused)]
async fn program(engine: Engine, mut session: Session) -> Result<(), orm_core::Error> {
    select(case().when(true, "minor").end());
    Ok(())
}

fn main() {}
