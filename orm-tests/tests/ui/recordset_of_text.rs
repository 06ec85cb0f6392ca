// expect: `String` is no document of JSON
// at: User.name
// expect: `.cast::<serde_json::Value>()` makes it one
use orm_core::prelude::*;
use orm_tests::models::User;

#[derive(Row)]
struct Item {
    id: i64,
}

#[allow(unused)]
async fn program(engine: Engine, mut session: Session) -> Result<(), orm_core::Error> {
    let lines = func::jsonb_to_recordset::<Item>(User.name).derived("lines");
    Ok(())
}

fn main() {}
