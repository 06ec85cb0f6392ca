// expect: cannot borrow `session` as mutable because it is also borrowed as immutable
// at: session.flush()
use orm_core::prelude::*;
use orm_tests::models::User;

#[allow(unused)]
async fn program(engine: Engine, mut session: Session) -> Result<(), orm_core::Error> {
    let user = session.one(select(User)).await?;
    let user = &session[user];
    session.flush().await?;
    println!("{}", user.name);
    Ok(())
}

fn main() {}
