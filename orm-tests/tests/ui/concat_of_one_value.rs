// expect: expected a tuple of up to 16 columns, expressions, values
// expect: write `func::concat((User.name, ": ", User.city))`
// at: User.name
use orm_core::prelude::*;
use orm_tests::models::User;

#[allow(unused)]
async fn program(engine: Engine, mut session: Session) -> Result<(), orm_core::Error> {
    select(func::concat(User.name));
    Ok(())
}

fn main() {}
