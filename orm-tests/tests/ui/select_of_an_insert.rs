// expect: the rows of a select are inserted by `from_select`
// at: select(select
// expect: write `insert(Archive).from_select((Archive.id, Archive.title)
// at: select(select
use orm_core::prelude::*;
use orm_tests::models::User;

#[allow(unused)]
async fn program(engine: Engine, mut session: Session) -> Result<(), orm_core::Error> {
    insert(User).select(select(User.name));
    Ok(())
}

fn main() {}
