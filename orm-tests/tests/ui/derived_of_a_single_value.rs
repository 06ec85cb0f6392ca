// expect: rows of `i64` are no table
// at: select(User.id)
// expect: one value is a tuple of one: `select((User.id,))`
use orm_core::prelude::*;
use orm_tests::models::User;

#[allow(unused)]
async fn program(engine: Engine, mut session: Session) -> Result<(), orm_core::Error> {
    let ids = select(User.id).derived("ids");
    Ok(())
}

fn main() {}
