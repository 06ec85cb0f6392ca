// expect: or `orm_core::query::Frame::between(..)`
// at: Interval
// expect: `use orm_core::query::{Edge, Frame}`
// at: Interval
use orm_core::prelude::*;
use orm_tests::models::Event;

#[allow(unused)]
async fn program(engine: Engine, mut session: Session) -> Result<(), orm_core::Error> {
    select(func::count_star().over(order_by(Event.starts_at).range(Interval::from_days(1)..)));
    Ok(())
}

fn main() {}
