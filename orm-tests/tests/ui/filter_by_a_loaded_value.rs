// expect: `bool` is not a condition
// expect: expected a condition such as `User.age.ge(18)`, or a bool column
// expect: compare the table's column (`User.name.eq(..)`), not a loaded value (`user.name.eq(..)`)
// at: user.name.eq("x")
use orm_core::prelude::*;
use orm_tests::models::User;

#[allow(unused)]
async fn program(engine: Engine, mut session: Session) -> Result<(), orm_core::Error> {
    let user = engine.one(select(User)).await?;
    engine.all(select(User).filter(user.name.eq("x"))).await?;
    Ok(())
}

fn main() {}
