// expect: `String` is no array
// expect: expected an array: a `Vec`
// at: slice
use orm_core::prelude::*;
use orm_tests::models::User;

#[derive(Model, Clone, Debug)]
#[orm(table = "stock")]
pub struct Stock {
    #[orm(primary_key)]
    pub item: i64,
    pub count: i64,
    pub tags: Vec<String>,
    pub note: Option<String>,
}

#[allow(unused)]
async fn program(engine: Engine, mut session: Session) -> Result<(), orm_core::Error> {
    select(Stock.note.slice(1, 2));
    Ok(())
}

fn main() {}
