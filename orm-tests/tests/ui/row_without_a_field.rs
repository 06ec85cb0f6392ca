// expect: missing field `total` in initializer of `SelectIncome<_, _>`
// at: SelectIncome
use orm_core::prelude::*;
use orm_tests::models::User;

#[derive(Row)]
struct Income {
    supplier: i64,
    total: Option<i64>,
}

#[allow(unused)]
async fn program(engine: Engine, mut session: Session) -> Result<(), orm_core::Error> {
    select(SelectIncome { supplier: User.id });
    Ok(())
}

fn main() {}
