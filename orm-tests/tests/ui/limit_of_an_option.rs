// expect: is no number of rows
// at: limit
// expect: `.limit(limit.unwrap_or(i64::MAX))`
use orm_core::prelude::*;
use orm_tests::models::User;

#[allow(unused)]
async fn program(engine: Engine, mut session: Session) -> Result<(), orm_core::Error> {
    let limit = Some(3);
    select(User).limit(limit);
    Ok(())
}

fn main() {}
