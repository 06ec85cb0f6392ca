// expect: is not a table
// at: select(User)
// expect: a select becomes a table with `.derived("name")`
use orm_core::prelude::*;
use orm_tests::models::User;

#[allow(unused)]
async fn program(engine: Engine, mut session: Session) -> Result<(), orm_core::Error> {
    select(func::count_star()).select_from(select(User));
    Ok(())
}

fn main() {}
