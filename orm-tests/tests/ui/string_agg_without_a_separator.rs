// expect: this function takes 2 arguments but 1 argument was supplied
// at: func::string_agg
// expect: /* separator */
use orm_core::prelude::*;
use orm_tests::models::User;

#[allow(unused)]
async fn program(engine: Engine, mut session: Session) -> Result<(), orm_core::Error> {
    select(func::string_agg(User.name));
    Ok(())
}

fn main() {}
