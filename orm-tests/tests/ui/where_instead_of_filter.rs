// expect: no method named `where_` found for struct
// expect: Select<R>` in the current scope
// at: where_
use orm_core::prelude::*;
use orm_tests::models::User;

#[allow(unused)]
async fn program(engine: Engine, mut session: Session) -> Result<(), orm_core::Error> {
    select(User).where_(User.age.ge(18));
    Ok(())
}

fn main() {}
