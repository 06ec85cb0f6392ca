// expect: `str` is no statement for a batch
// expect: expected statements, such as `select(User)` or `delete(User)`
// at: "DELETE FROM users"
use orm_core::prelude::*;
use orm_tests::models::User;

#[allow(unused)]
async fn program(engine: Engine) -> Result<(), orm_core::Error> {
    engine.batch((select(User), "DELETE FROM users")).await?;
    Ok(())
}

fn main() {}
