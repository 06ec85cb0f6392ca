// expect: `&str` is no frame of a window
use orm_core::prelude::*;
use orm_tests::models::User;

#[allow(unused)]
async fn program(engine: Engine, mut session: Session) -> Result<(), orm_core::Error> {
    select(func::rank().over(order_by(User.age).rows("1")));
    Ok(())
}

fn main() {}
