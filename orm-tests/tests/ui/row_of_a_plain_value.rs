// expect: `{integer}` cannot fill a field of type `i64`
// expect: a plain value is selected with `lit(value)`
// at: 7
use orm_core::prelude::*;
use orm_tests::models::Post;

#[derive(Row)]
struct Revenue {
    supplier: i64,
    total: Option<i64>,
}

#[allow(unused)]
async fn program(engine: Engine, mut session: Session) -> Result<(), orm_core::Error> {
    select(SelectRevenue { supplier: 7, total: Post.id });
    Ok(())
}

fn main() {}
