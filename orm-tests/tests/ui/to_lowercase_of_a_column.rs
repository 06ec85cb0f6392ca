// expect: no method named `to_lowercase` found for struct `Column<M, T>` in the current scope
// at: to_lowercase
use orm_core::prelude::*;
use orm_tests::models::User;

#[allow(unused)]
async fn program(engine: Engine, mut session: Session) -> Result<(), orm_core::Error> {
    select(User.name.to_lowercase());
    Ok(())
}

fn main() {}
