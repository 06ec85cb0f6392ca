// expect: an update sets column by column
// at: values
// expect: write `.set(User.age, 26)`, once for each column
// at: values
use orm_core::prelude::*;
use orm_tests::models::User;

#[allow(unused)]
async fn program(engine: Engine, mut session: Session) -> Result<(), orm_core::Error> {
    update(User).values((User.age, 26));
    Ok(())
}

fn main() {}
