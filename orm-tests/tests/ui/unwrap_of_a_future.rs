// expect: no method named `unwrap` found for opaque type `impl Future<Output = Result<Vec<<Select<User> as Query>::Row>, Error>>` in the current scope
// at: unwrap
use orm_core::prelude::*;
use orm_tests::models::User;

#[allow(unused)]
async fn program(engine: Engine, mut session: Session) -> Result<(), orm_core::Error> {
    let users: Vec<User> = engine.all(select(User)).unwrap();
    Ok(())
}

fn main() {}
