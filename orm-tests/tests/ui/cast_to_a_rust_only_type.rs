// expect: `usize` is not a PostgreSQL column type
// at: cast
use orm_core::prelude::*;
use orm_tests::models::User;

#[allow(unused)]
async fn program(engine: Engine, mut session: Session) -> Result<(), orm_core::Error> {
    select(User.id.cast::<usize>());
    Ok(())
}

fn main() {}
