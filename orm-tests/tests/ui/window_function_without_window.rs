// expect: `WindowFunction<i64>` cannot be selected
// expect: expected a model, a column, an expression, or a tuple of up to 16 of them
// expect: a window function behind `.over(..)`
// at: func::rank()
use orm_core::prelude::*;
use orm_tests::models::User;

#[allow(unused)]
async fn program(engine: Engine, mut session: Session) -> Result<(), orm_core::Error> {
    select(func::rank()).select_from(User);
    Ok(())
}

fn main() {}
