// expect: cannot be compared or combined with an SQL `String`
// expect: `.filter_some(value, |value| ..)`
// at: None
use orm_core::prelude::*;
use orm_tests::models::User;

#[allow(unused)]
async fn program(engine: Engine, mut session: Session) -> Result<(), orm_core::Error> {
    select(User).filter(User.name.eq(None::<String>));
    Ok(())
}

fn main() {}
