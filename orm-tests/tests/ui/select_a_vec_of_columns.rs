// expect: `Vec<Column<User, i64>>` cannot be selected
// expect: expected a model, a column, an expression, or a tuple of up to 16 of them
// at: vec![User.id, User.id]
use orm_core::prelude::*;
use orm_tests::models::User;

#[allow(unused)]
async fn program(engine: Engine, mut session: Session) -> Result<(), orm_core::Error> {
    select(vec![User.id, User.id]);
    Ok(())
}

fn main() {}
