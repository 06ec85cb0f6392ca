// No trait's message can be shown here: the documentation of `run` and `transaction` says `async |session|`.
// expect: type annotations needed
// at: session| async move
use orm_core::prelude::*;
use orm_tests::models::{NewUser, User};

#[allow(unused)]
async fn program(sessions: SessionMaker) -> Result<(), orm_core::Error> {
    sessions
        .run(|session| async move {
            session.add(NewUser::new("Ann"));
            Ok(())
        })
        .await
}

fn main() {}
