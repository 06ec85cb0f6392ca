// expect: cannot borrow `session` as mutable more than once at a time
// at: session
use orm_core::prelude::*;
use orm_tests::models::User;

#[allow(unused)]
async fn program(engine: Engine, mut session: Session) -> Result<(), orm_core::Error> {
    let shared = &mut session;
    let first = shared.all(select(User));
    let second = session.all(select(User));
    first.await?;
    second.await?;
    Ok(())
}

fn main() {}
