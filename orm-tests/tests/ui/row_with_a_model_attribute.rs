// expect: a row has no attribute `table`
// at: table
use orm_core::prelude::*;
use orm_tests::models::User;

#[derive(Row)]
#[orm(table = "users")]
struct Page {
    id: i64,
}

#[allow(unused)]
async fn program(engine: Engine, mut session: Session) -> Result<(), orm_core::Error> {
    select(SelectPage { id: User.id });
    Ok(())
}

fn main() {}
