// expect: `Turnover` cannot be selected
// expect: a row with names is selected by what `#[derive(Row)]` writes: `select(SelectRevenue { .. })` gives a `Revenue`
// at: Turnover
use orm_core::prelude::*;
use orm_tests::models::{Post, User};

#[derive(Row)]
struct Turnover {
    supplier: i64,
    total: Option<i64>,
}

#[allow(unused)]
async fn program(engine: Engine, mut session: Session) -> Result<(), orm_core::Error> {
    select(Turnover { supplier: User.id, total: Post.id });
    Ok(())
}

fn main() {}
