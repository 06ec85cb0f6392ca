// expect: ` is no array
// at: orm_core::types::Json
// expect: documents of JSON are joined by `.merge(..)`
// at: orm_core::types::Json
use orm_core::prelude::*;

#[derive(Model, Clone, Debug)]
#[orm(table = "pages")]
pub struct Page {
    #[orm(primary_key)]
    pub id: i64,
    pub tags: Vec<String>,
    pub content: orm_core::types::Json<Vec<String>>,
}

#[allow(unused)]
async fn program(engine: Engine, mut session: Session) -> Result<(), orm_core::Error> {
    select(Page.content.concat(orm_core::types::Json(vec!["x".to_owned()])));
    Ok(())
}

fn main() {}
