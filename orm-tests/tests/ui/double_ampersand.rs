// expect: `bool` is not a condition
// expect: expected a condition such as `User.age.ge(18)`, or a bool column
// expect: conditions are joined with `&` and `|` and negated with `!`
// at: User.age.ge(18) && User.name.eq("Alice")
use orm_core::prelude::*;
use orm_tests::models::User;

#[allow(unused)]
async fn program(engine: Engine, mut session: Session) -> Result<(), orm_core::Error> {
    select(User).filter(User.age.ge(18) && User.name.eq("Alice"));
    Ok(())
}

fn main() {}
