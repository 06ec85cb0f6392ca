// expect: PostgreSQL has no `avg` of `String` here
// expect: cannot be averaged
// at: User.name
use orm_core::prelude::*;
use orm_tests::models::User;

#[allow(unused)]
async fn program(engine: Engine, mut session: Session) -> Result<(), orm_core::Error> {
    select(func::avg(User.name));
    Ok(())
}

fn main() {}
