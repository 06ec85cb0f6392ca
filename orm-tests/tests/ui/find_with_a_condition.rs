// expect: `Cond` is no key of this model
// expect: expected the primary key, `i64`
// at: User
use orm_core::prelude::*;
use orm_tests::models::User;

#[allow(unused)]
async fn program(engine: Engine, mut session: Session) -> Result<(), orm_core::Error> {
    engine.find::<User>(User.id.eq(1)).await?;
    Ok(())
}

fn main() {}
