// expect: `Vec<&str>` cannot be selected
// expect: expected a model, a column, an expression, or a tuple of up to 16 of them
// at: vec!["id", "name"]
use orm_core::prelude::*;
use orm_tests::models::User;

#[allow(unused)]
async fn program(engine: Engine, mut session: Session) -> Result<(), orm_core::Error> {
    select(vec!["id", "name"]);
    Ok(())
}

fn main() {}
