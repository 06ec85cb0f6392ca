// expect: cannot fill a field of type `i64`
// at: func::rank()
use orm_core::prelude::*;

#[derive(Row)]
struct Ranked {
    rank: i64,
}

#[allow(unused)]
async fn program(engine: Engine, mut session: Session) -> Result<(), orm_core::Error> {
    select(SelectRanked { rank: func::rank() });
    Ok(())
}

fn main() {}
