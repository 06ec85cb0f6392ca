// expect: no field `titel` on type
// at: titel
use orm_core::prelude::*;
use orm_tests::models::{Post, User};

#[derive(Row, Clone)]
#[orm(of = Post)]
struct PostLine {
    title: String,
}

#[derive(Row)]
#[orm(of = User)]
struct UserPage {
    id: i64,
    #[orm(relation = posts.filter(Post.titel.eq("a")))]
    last: Vec<PostLine>,
}

#[allow(unused)]
async fn program(engine: Engine) -> Result<(), orm_core::Error> {
    let pages: Vec<UserPage> = engine.all(select(UserPage)).await?;
    Ok(())
}

fn main() {}
