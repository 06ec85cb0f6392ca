// expect: has no field named `totl`
// expect: a field with a similar name exists
// at: totl
use orm_core::prelude::*;
use orm_tests::models::{Post, User};

#[derive(Row)]
struct Revenue {
    supplier: i64,
    total: Option<i64>,
}

#[allow(unused)]
async fn program(engine: Engine, mut session: Session) -> Result<(), orm_core::Error> {
    select(SelectRevenue { supplier: User.id, totl: Post.id });
    Ok(())
}

fn main() {}
