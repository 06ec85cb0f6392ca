// expect: `#[derive(Row)]` needs a struct with named fields, and `Page` is a tuple struct
// at: Page
use orm_core::prelude::*;
use orm_tests::models::User;

#[derive(Row)]
struct Page(i64);

#[allow(unused)]
async fn program(engine: Engine, mut session: Session) -> Result<(), orm_core::Error> {
    select(User);
    Ok(())
}

fn main() {}
