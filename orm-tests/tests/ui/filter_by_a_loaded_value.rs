// expect: `bool` is not a condition
// expect: expected a condition such as `User.age.ge(18)`, or a bool column
// expect: as `user.name.eq(..)` of a loaded value does: write `User.id.eq(5)`
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
