// expect: `{integer}` is no list of SQL `i64`
// at: 1
use orm_core::prelude::*;
use orm_tests::models::User;

#[allow(unused)]
async fn program(engine: Engine, mut session: Session) -> Result<(), orm_core::Error> {
    select(User).filter(User.id.in_(1));
    Ok(())
}

fn main() {}
