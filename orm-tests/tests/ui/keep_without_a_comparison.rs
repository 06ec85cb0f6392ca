// expect: `Expr<i64>` is not a condition
// at: func::row_number()
use orm_core::prelude::*;
use orm_tests::models::User;

#[allow(unused)]
async fn program(engine: Engine, mut session: Session) -> Result<(), orm_core::Error> {
    select(User).keep(func::row_number().over(order_by(User.id)));
    Ok(())
}

fn main() {}
