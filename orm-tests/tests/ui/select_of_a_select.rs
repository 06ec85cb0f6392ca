// expect: what a statement gives is said first
// at: select(User.name)
// expect: write `select((User.id, User.name))`
// at: select(User.name)
use orm_core::prelude::*;
use orm_tests::models::User;

#[allow(unused)]
async fn program(engine: Engine, mut session: Session) -> Result<(), orm_core::Error> {
    select(User).select(User.name);
    Ok(())
}

fn main() {}
