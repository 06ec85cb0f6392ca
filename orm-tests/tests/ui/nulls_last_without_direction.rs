// expect: no method named `nulls_last` found for struct `Column<M, T>` in the current scope
// at: nulls_last
use orm_core::prelude::*;
use orm_tests::models::User;

#[allow(unused)]
async fn program(engine: Engine, mut session: Session) -> Result<(), orm_core::Error> {
    select(User).order_by(User.age.nulls_last());
    Ok(())
}

fn main() {}
