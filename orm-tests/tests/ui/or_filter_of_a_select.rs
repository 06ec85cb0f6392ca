// expect: conditions that are joined by OR are one condition
// at: or_filter
// expect: write `.filter(a | b)`
// at: or_filter
use orm_core::prelude::*;
use orm_tests::models::User;

#[allow(unused)]
async fn program(engine: Engine, mut session: Session) -> Result<(), orm_core::Error> {
    select(User).filter(User.age.ge(18)).or_filter(User.name.eq("Ann"));
    Ok(())
}

fn main() {}
