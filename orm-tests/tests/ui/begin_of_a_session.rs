// expect: the transaction of a session begins by itself
// at: begin
// expect: its isolation `session.begin_with(..)?`
// at: begin
use orm_core::prelude::*;

#[allow(unused)]
async fn program(engine: Engine, mut session: Session) -> Result<(), orm_core::Error> {
    session.begin().await?;
    Ok(())
}

fn main() {}
