// expect: this method takes 1 argument but 0 arguments were supplied
// at: derived
// expect: argument #1 of type `&'static str` is missing
use orm_core::prelude::*;
use orm_tests::models::User;

#[allow(unused)]
async fn program(engine: Engine, mut session: Session) -> Result<(), orm_core::Error> {
    let ids = select((User.id,)).derived();
    Ok(())
}

fn main() {}
