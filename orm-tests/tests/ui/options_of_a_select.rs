// expect: relations are read with the rows by `with`
// at: options
// expect: write `.with(User.posts)`
// at: options
use orm_core::prelude::*;
use orm_tests::models::User;

#[allow(unused)]
async fn program(engine: Engine, mut session: Session) -> Result<(), orm_core::Error> {
    select(User).options(User.posts);
    Ok(())
}

fn main() {}
