// expect: `bool` is not a condition
// at: User.age >
// expect: write `User.id.eq(5)`, `.ne(5)`, `.lt(5)`, `.gt(5)` of the table
use orm_core::prelude::*;
use orm_tests::models::User;

#[allow(unused)]
async fn program(engine: Engine, mut session: Session) -> Result<(), orm_core::Error> {
    select(User).filter(User.age > 18);
    Ok(())
}

fn main() {}
