// expect: `&str` cannot be compared or combined with an SQL `i64`
// expect: expected `i64`, `Option<i64>` where it can be NULL, or a column or expression of that type
// at: "1"
use orm_core::prelude::*;
use orm_tests::models::User;

#[allow(unused)]
async fn program(engine: Engine, mut session: Session) -> Result<(), orm_core::Error> {
    select(User).filter(User.id.eq("1"));
    Ok(())
}

fn main() {}
