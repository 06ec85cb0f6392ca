// expect: `Option<i32>` cannot be compared or combined with an SQL `String`
// expect: expected `String`, `Option<String>` where it can be NULL, or a column or expression of that type
// at: None::<i32>
use orm_core::prelude::*;
use orm_tests::models::User;

#[allow(unused)]
async fn program(engine: Engine, mut session: Session) -> Result<(), orm_core::Error> {
    select(User).filter(User.name.eq(None::<i32>));
    Ok(())
}

fn main() {}
