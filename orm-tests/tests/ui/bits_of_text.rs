// expect: `String` is no integer: PostgreSQL has no operators of bits for it here
use orm_core::prelude::*;
use orm_tests::models::User;

#[allow(unused)]
async fn program(engine: Engine, mut session: Session) -> Result<(), orm_core::Error> {
    select(User.name.bit_and("1"));
    Ok(())
}

fn main() {}
