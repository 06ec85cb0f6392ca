// expect: no method named `fetch_all` found for struct `orm_core::query::Select<R>` in the current scope
// at: fetch_all
use orm_core::prelude::*;
use orm_tests::models::User;

#[allow(unused)]
async fn program(engine: Engine, mut session: Session) -> Result<(), orm_core::Error> {
    let users = select(User).fetch_all(&engine).await?;
    Ok(())
}

fn main() {}
