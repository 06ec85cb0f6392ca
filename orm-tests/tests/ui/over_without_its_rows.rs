// expect: this method takes 1 argument but 0 arguments were supplied
// at: over
// expect: /* window */
use orm_core::prelude::*;
use orm_tests::models::User;

#[allow(unused)]
async fn program(engine: Engine, mut session: Session) -> Result<(), orm_core::Error> {
    select(func::row_number().over());
    Ok(())
}

fn main() {}
