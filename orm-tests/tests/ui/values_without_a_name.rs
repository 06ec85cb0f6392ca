// expect: this function takes 2 arguments but 1 argument was supplied
// at: values
// expect: /* &'static str */
use orm_core::prelude::*;
use orm_tests::models::User;

#[allow(unused)]
async fn program(engine: Engine, mut session: Session) -> Result<(), orm_core::Error> {
    let table = values([(1, 2)]);
    Ok(())
}

fn main() {}
