// expect: rows are sorted by `order_by`
// at: order_by_desc
// expect: `.order_by(User.age.desc())`
// at: order_by_desc
use orm_core::prelude::*;
use orm_tests::models::User;

#[allow(unused)]
async fn program(engine: Engine, mut session: Session) -> Result<(), orm_core::Error> {
    select(User).order_by_desc(User.age);
    Ok(())
}

fn main() {}
