// expect: this method takes 2 arguments but 1 argument was supplied
// at: copy_out
use orm_core::prelude::*;
use orm_tests::models::User;

#[allow(unused)]
async fn program(engine: Engine, mut session: Session) -> Result<(), orm_core::Error> {
    engine.copy_out(select(User)).await?;
    Ok(())
}

fn main() {}
