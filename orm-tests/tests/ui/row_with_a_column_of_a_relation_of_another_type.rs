// expect: cannot fill a field of type `Vec<i64>`
// at: Vec<i64>
// expect: of a relation to one what `only` names: of one column its type, of several a tuple
// at: Vec<i64>
use orm_core::prelude::*;
use orm_tests::models::{Post, User};

#[derive(Row)]
#[orm(of = User)]
struct UserPage {
    id: i64,
    #[orm(relation = posts.only(Post.title))]
    titles: Vec<i64>,
}

#[allow(unused)]
async fn program(engine: Engine) -> Result<(), orm_core::Error> {
    let pages: Vec<UserPage> = engine.all(select(UserPage)).await?;
    Ok(())
}

fn main() {}
