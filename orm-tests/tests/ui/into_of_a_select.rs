// expect: a select gives rows of a struct where the struct says what fills it
// at: Summary>()
// expect: write `select(SelectSummary { name: User.name, .. })`
// at: Summary>()
use orm_core::prelude::*;
use orm_tests::models::User;

#[derive(Row, Debug)]
pub struct Summary {
    pub id: i64,
    pub name: String,
}

#[allow(unused)]
async fn program(engine: Engine, mut session: Session) -> Result<(), orm_core::Error> {
    let rows = select((User.id, User.name)).into::<Summary>();
    Ok(())
}

fn main() {}
