// expect: cannot group by `&str`
// expect: expected a column, an expression, or a tuple of up to 16 of them
// expect: a column is written `User.name`, not as text
// at: "age"
use orm_core::prelude::*;
use orm_tests::models::User;

#[allow(unused)]
async fn program(engine: Engine, mut session: Session) -> Result<(), orm_core::Error> {
    select(func::count(User.id)).group_by("age");
    Ok(())
}

fn main() {}
