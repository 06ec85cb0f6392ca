// expect: mismatched types
// at: 10.0
// expect: expected `TableSample`
use orm_core::prelude::*;
use orm_tests::models::User;

#[allow(unused)]
async fn program(engine: Engine, mut session: Session) -> Result<(), orm_core::Error> {
    select(User).table_sample(User, 10.0);
    Ok(())
}

fn main() {}
