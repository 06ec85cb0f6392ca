// expect: cannot group by `&str`
// at: "name"
// expect: a column is written `User.name`, not as text
use orm_core::prelude::*;
use orm_tests::models::User;

#[allow(unused)]
async fn program(engine: Engine, mut session: Session) -> Result<(), orm_core::Error> {
    select(User).distinct_on("name");
    Ok(())
}

fn main() {}
