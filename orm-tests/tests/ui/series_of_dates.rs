// expect: PostgreSQL has no `generate_series` of
// at: func::generate_series
// expect: a date is cast first: `.cast::<NaiveDateTime>()`
use orm_core::prelude::*;
use orm_tests::models::User;

#[allow(unused)]
async fn program(engine: Engine, mut session: Session) -> Result<(), orm_core::Error> {
    let days = func::generate_series(func::current_date(), func::current_date()).derived("days");
    Ok(())
}

fn main() {}
