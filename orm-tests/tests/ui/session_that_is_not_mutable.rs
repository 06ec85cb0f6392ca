// expect: cannot borrow `session` as mutable, as it is not declared as mutable
// at: session
use orm_core::prelude::*;
use orm_tests::models::{NewUser, User};

#[allow(unused)]
async fn program(engine: Engine, mut session: Session) -> Result<(), orm_core::Error> {
    let session = SessionMaker::new(engine).session();
    session.add(NewUser::new("Ann"));
    Ok(())
}

fn main() {}
