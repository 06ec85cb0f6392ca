// expect: what stands in for a row that is not there is said by `default`
// at: func::lead_or
// expect: write `func::lead(Trip.id).offset(2).default(0)`
// at: func::lead_or
use orm_core::prelude::*;
use orm_tests::models::User;

#[allow(unused)]
async fn program(engine: Engine, mut session: Session) -> Result<(), orm_core::Error> {
    select(func::lead_or(User.id, 1, 0).over(order_by(User.id)));
    Ok(())
}

fn main() {}
