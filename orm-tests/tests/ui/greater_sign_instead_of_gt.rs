// expect: binary operation `>` cannot be applied to type `Column<User, Option<i32>>`
// at: >
// expect: ComparedByLtLeGtGeAndNotByTheOperator<{integer}>
use orm_core::prelude::*;
use orm_tests::models::User;

#[allow(unused)]
async fn program(engine: Engine, mut session: Session) -> Result<(), orm_core::Error> {
    select(User).filter(User.age > 18);
    Ok(())
}

fn main() {}
