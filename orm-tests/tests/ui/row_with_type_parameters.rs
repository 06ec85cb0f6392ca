// expect: a row has no type parameters or lifetimes
// at: <T>
use orm_core::prelude::*;
use orm_tests::models::User;

#[derive(Row)]
struct Page<T> {
    value: T,
}

#[allow(unused)]
async fn program(engine: Engine, mut session: Session) -> Result<(), orm_core::Error> {
    select(User);
    Ok(())
}

fn main() {}
