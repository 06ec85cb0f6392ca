// expect: a part of a document of JSON is read as text by `get_text`
// at: as_string
// expect: write `Page.content.get_text("title")`
// at: as_string
// expect: a part of a document of JSON is read as text by `get_text`
// at: as_text
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
    select(Page.content.get("title").as_string());
    select(Page.content.as_text());
    Ok(())
}

fn main() {}
