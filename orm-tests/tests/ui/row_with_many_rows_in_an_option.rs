// expect: `Relation<User, Post, Many>` cannot fill a field of type `Option<
// at: Option<PostLine>
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
    #[orm(relation)]
    posts: Option<PostLine>,
}

#[allow(unused)]
async fn program(engine: Engine) -> Result<(), orm_core::Error> {
    let pages: Vec<UserPage> = engine.all(select(UserPage)).await?;
    let lines: Vec<PostLine> = engine.all(select(PostLine)).await?;
    Ok(())
}

fn main() {}
