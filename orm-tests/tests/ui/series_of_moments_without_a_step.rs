// expect: needs a step
// at: derived
// expect: add `.step(Interval::from_days(1))`
use orm_core::prelude::*;
use orm_tests::models::User;

#[allow(unused)]
async fn program(engine: Engine, mut session: Session) -> Result<(), orm_core::Error> {
    let days = func::generate_series(func::now(), func::now()).derived("days");
    Ok(())
}

fn main() {}
