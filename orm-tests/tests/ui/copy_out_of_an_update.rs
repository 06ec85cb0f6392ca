// expect: `orm_core::query::Update<User>` gives no rows
// expect: expected a statement that gives rows, such as `select(User)`
// at: update
use orm_core::prelude::*;
use orm_tests::models::User;

#[allow(unused)]
async fn program(engine: Engine, mut session: Session) -> Result<(), orm_core::Error> {
    engine.copy_out(update(User).set(User.age, 3).all_rows(), orm_core::query::CopyFormat::Csv).await?;
    Ok(())
}

fn main() {}
