// expect: cannot borrow `session` as mutable more than once at a time
// at: session
use orm_core::prelude::*;
use orm_tests::models::User;

#[allow(unused)]
async fn program(engine: Engine, mut session: Session) -> Result<(), orm_core::Error> {
    let (a, b) = (session.one(select(User)).await?, session.one(select(User)).await?);
    let (a, b) = (&mut session[a], &mut session[b]);
    a.age = b.age;
    Ok(())
}

fn main() {}
