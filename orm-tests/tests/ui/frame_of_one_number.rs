// expect: `{integer}` is no frame of a window
// at: 3
// expect: expected a range of distances such as `-2..=0`
use orm_core::prelude::*;
use orm_tests::models::User;

#[allow(unused)]
async fn program(engine: Engine, mut session: Session) -> Result<(), orm_core::Error> {
    select(func::sum(User.age).over(order_by(User.id).rows(3)));
    Ok(())
}

fn main() {}
