// expect: no method named `all` found for struct `orm_core::query::Select<R>` in the current scope
// at: all
use orm_core::prelude::*;
use orm_tests::models::User;

#[allow(unused)]
async fn program(engine: Engine, mut session: Session) -> Result<(), orm_core::Error> {
    let users = select(User).all(&engine).await?;
    Ok(())
}

fn main() {}
