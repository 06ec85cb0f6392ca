// expect: no method named `when_matched` found for struct `MergeInto<M>` in the current scope
// at: when_matched
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
    merge_into(Stock).when_matched().delete();
    Ok(())
}

fn main() {}
