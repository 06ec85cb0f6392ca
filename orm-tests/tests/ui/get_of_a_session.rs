// expect: an object is read by its handle, and not by `{integer}`
// at: 1
// expect: by its key it is found with `session.find::<User>(1).await?`
use orm_core::prelude::*;
use orm_tests::models::User;

#[allow(unused)]
async fn program(engine: Engine, mut session: Session) -> Result<(), orm_core::Error> {
    let user = session.get::<User>(1).await?;
    Ok(())
}

fn main() {}
