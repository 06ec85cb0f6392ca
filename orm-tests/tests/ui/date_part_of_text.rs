// expect: `String` is not a date or time
// expect: expected a date, a time, or an `Interval`
// at: User.name
use orm_core::prelude::*;
use orm_tests::models::User;

#[allow(unused)]
async fn program(engine: Engine, mut session: Session) -> Result<(), orm_core::Error> {
    select(func::date_part(DatePart::Year, User.name));
    Ok(())
}

fn main() {}
