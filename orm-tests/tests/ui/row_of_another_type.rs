// expect: `Column<User, String>` cannot fill a field of type `i64`
// at: User.name
use orm_core::prelude::*;
use orm_tests::models::{Post, User};

#[derive(Row)]
struct Revenue {
    supplier: i64,
    total: Option<i64>,
}

#[allow(unused)]
async fn program(engine: Engine, mut session: Session) -> Result<(), orm_core::Error> {
    select(SelectRevenue { supplier: User.name, total: Post.id });
    Ok(())
}

fn main() {}
