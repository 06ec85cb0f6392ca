// expect: a select gives rows of a struct where the struct says what fills it
// at: into_model
// expect: write `select(SelectSummary { name: User.name, .. })`
// at: into_model
use orm_core::prelude::*;
use orm_tests::models::User;

#[allow(unused)]
async fn program(engine: Engine, mut session: Session) -> Result<(), orm_core::Error> {
    select((User.id, User.name)).into_model::<User>();
    Ok(())
}

fn main() {}
