// expect: no method named `session` found for struct
// expect: Engine` in the current scope
// at: session
use orm_core::prelude::*;

#[allow(unused)]
async fn program(engine: Engine, mut session: Session) -> Result<(), orm_core::Error> {
    let session = engine.session();
    Ok(())
}

fn main() {}
