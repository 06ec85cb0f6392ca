// expect: an object is found by its key with `find`
// at: find_by_id
// expect: write `session.find::<User>(1).await?`
// at: find_by_id
use orm_core::prelude::*;
use orm_tests::models::User;

#[allow(unused)]
async fn program(engine: Engine, mut session: Session) -> Result<(), orm_core::Error> {
    let user = session.find_by_id::<User>(1).await?;
    Ok(())
}

fn main() {}
