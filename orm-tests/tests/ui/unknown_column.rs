// expect: no field `nmae` on type
// expect: a field with a similar name exists
// at: nmae
use orm_core::prelude::*;
use orm_tests::models::User;

#[allow(unused)]
async fn program(engine: Engine, mut session: Session) -> Result<(), orm_core::Error> {
    select(User).filter(User.nmae.eq("x"));
    Ok(())
}

fn main() {}
