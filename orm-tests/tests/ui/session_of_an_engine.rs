// expect: sessions are made by a `SessionMaker`
// at: session()
// expect: write `SessionMaker::new(engine.clone()).session()`
// at: session()
use orm_core::prelude::*;

#[allow(unused)]
async fn program(engine: Engine, mut session: Session) -> Result<(), orm_core::Error> {
    let session = engine.session();
    Ok(())
}

fn main() {}
