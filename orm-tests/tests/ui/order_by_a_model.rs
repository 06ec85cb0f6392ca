// expect: cannot order by
// expect: expected a column, an expression, a condition, `.asc()` or `.desc()` of one, or a tuple of up to 16 of them
// at: User
use orm_core::prelude::*;
use orm_tests::models::User;

#[allow(unused)]
async fn program(engine: Engine, mut session: Session) -> Result<(), orm_core::Error> {
    select(User).order_by(User);
    Ok(())
}

fn main() {}
