// expect: write `.label("total")`
// at: alias
use orm_core::prelude::*;
use orm_tests::models::User;

#[allow(unused)]
async fn program(engine: Engine, mut session: Session) -> Result<(), orm_core::Error> {
    select(User.name.alias("n"));
    Ok(())
}

fn main() {}
