// expect: async closure does not implement `FnMut` because it captures state from its environment
use orm_core::prelude::*;
use orm_tests::models::User;

#[allow(unused)]
async fn program(sessions: SessionMaker) -> Result<(), orm_core::Error> {
    let mut attempts = 0;
    let work = async |session: &mut Session| {
        attempts += 1;
        session.all(select(User)).await
    };
    sessions.run(work).await?;
    Ok(())
}

fn main() {}
