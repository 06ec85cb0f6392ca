// expect: a function cannot take `(Column<User, String>, char)`
// expect: expected a tuple of up to 16 columns, expressions, values of a column type and `&str`
// at: 'x'
use orm_core::prelude::*;
use orm_tests::models::User;

#[allow(unused)]
async fn program(engine: Engine, mut session: Session) -> Result<(), orm_core::Error> {
    select(func::concat((User.name, 'x')));
    Ok(())
}

fn main() {}
