// expect: a window function has no value before `.over(..)`
// at: le
// expect: write `.over(partition_by(..).order_by(..))` before it
use orm_core::prelude::*;
use orm_tests::models::User;

#[allow(unused)]
async fn program(engine: Engine, mut session: Session) -> Result<(), orm_core::Error> {
    select(User).keep(func::row_number().le(3));
    Ok(())
}

fn main() {}
