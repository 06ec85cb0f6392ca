// expect: no method named `filter` found for struct `Truncate`
// at: filter
use orm_core::prelude::*;
use orm_tests::models::User;

#[allow(unused)]
async fn program(engine: Engine, mut session: Session) -> Result<(), orm_core::Error> {
    truncate(User).filter(User.id.eq(1));
    Ok(())
}

fn main() {}
