// expect: what is in an array is asked by `contains`
// at: has_any
// expect: write `Post.tags.contains("rust")`, or `Post.tags.any("rust")`
// at: has_any
// expect: of a document of JSON, `.has_key(..)`
// at: has("x")
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
    select(Page).filter(Page.tags.has_any("x"));
    select(Page).filter(Page.content.has("x"));
    Ok(())
}

fn main() {}
