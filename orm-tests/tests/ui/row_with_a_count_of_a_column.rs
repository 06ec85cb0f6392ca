// expect: `Column<User, String>` is no relation to many, whose rows could be counted
// at: name
use orm_core::prelude::*;
use orm_tests::models::User;

#[derive(Row)]
#[orm(of = User)]
struct UserPage {
    id: i64,
    #[orm(count = name)]
    post_count: i64,
}

#[allow(unused)]
async fn program(engine: Engine) -> Result<(), orm_core::Error> {
    let pages: Vec<UserPage> = engine.all(select(UserPage)).await?;
    Ok(())
}

fn main() {}
