// expect: cannot order by `&str`
// expect: expected a column, an expression, a condition, `.asc()` or `.desc()` of one, or a tuple of up to 16 of them
// expect: a column is written `User.name`, not as text
// at: "name"
use orm_core::prelude::*;
use orm_tests::models::User;

#[allow(unused)]
async fn program(engine: Engine, mut session: Session) -> Result<(), orm_core::Error> {
    select(User).order_by("name");
    Ok(())
}

fn main() {}
