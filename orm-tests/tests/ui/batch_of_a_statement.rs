// expect: `orm_core::query::Select<User>` is no batch of statements
// expect: expected a tuple of one to eight statements, or a `Vec` or an array of statements of one type
// at: select(User)
use orm_core::prelude::*;
use orm_tests::models::User;

#[allow(unused)]
async fn program(engine: Engine) -> Result<(), orm_core::Error> {
    engine.batch(select(User)).await?;
    Ok(())
}

fn main() {}
