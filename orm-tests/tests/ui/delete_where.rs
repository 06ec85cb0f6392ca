// expect: no method named `where_` found for struct `orm_core::query::Delete<M>` in the current scope
// at: where_
use orm_core::prelude::*;
use orm_tests::models::User;

#[allow(unused)]
async fn program(engine: Engine, mut session: Session) -> Result<(), orm_core::Error> {
    delete(User).where_(User.id.eq(1));
    Ok(())
}

fn main() {}
