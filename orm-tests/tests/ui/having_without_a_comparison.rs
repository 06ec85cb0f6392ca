// expect: `Expr<i64>` is not a condition
// expect: expected a condition such as `User.age.ge(18)`, or a bool column
// at: func::count(User.id)
use orm_core::prelude::*;
use orm_tests::models::User;

#[allow(unused)]
async fn program(engine: Engine, mut session: Session) -> Result<(), orm_core::Error> {
    select(User.age).group_by(User.age).having(func::count(User.id));
    Ok(())
}

fn main() {}
