// expect: cannot be read as `row_with_a_model_by_names::Page`
// expect: a struct with `#[derive(Row)]` whose fields are all of column types
// at: Page
use orm_core::prelude::*;
use orm_tests::models::User;

#[derive(Row)]
struct Page {
    user: User,
    post: String,
}

#[allow(unused)]
async fn program(engine: Engine, mut session: Session) -> Result<(), orm_core::Error> {
    engine.all(sql!("SELECT 1").rows::<Page>()).await?;
    Ok(())
}

fn main() {}
