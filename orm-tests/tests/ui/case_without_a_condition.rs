// expect: `bool` is not a condition
// expect: expected a condition such as `User.age.ge(18)`, or a bool column
// at: true
use orm_core::prelude::*;

#[allow(unused)]
async fn program(engine: Engine, mut session: Session) -> Result<(), orm_core::Error> {
    select(case().when(true, "minor").end());
    Ok(())
}

fn main() {}
