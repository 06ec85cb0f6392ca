// expect: an expression is named by `label`
// at: as_
// expect: write `.label("total")`
// at: as_
use orm_core::prelude::*;
use orm_tests::models::User;

#[allow(unused)]
async fn program(engine: Engine, mut session: Session) -> Result<(), orm_core::Error> {
    select(func::count(User.id).as_("total"));
    Ok(())
}

fn main() {}
