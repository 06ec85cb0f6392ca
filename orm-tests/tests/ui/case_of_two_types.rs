// expect: `{integer}` cannot be compared or combined with an SQL `String`
// expect: expected `String`, `Option<String>` where it can be NULL, or a column or expression of that type
// at: 18
use orm_core::prelude::*;
use orm_tests::models::User;

#[allow(unused)]
async fn program(engine: Engine, mut session: Session) -> Result<(), orm_core::Error> {
    select(case().when(User.age.lt(18), "minor").otherwise(18));
    Ok(())
}

fn main() {}
