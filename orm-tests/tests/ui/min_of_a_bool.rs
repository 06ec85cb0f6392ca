// expect: PostgreSQL has no `min` and `max` of `bool`
// at: Flag.seen
use orm_core::prelude::*;

#[derive(Model, Clone, Debug)]
struct Flag {
    #[orm(primary_key)]
    id: i64,
    seen: bool,
}

#[allow(unused)]
async fn program(engine: Engine, mut session: Session) -> Result<(), orm_core::Error> {
    select(func::min(Flag.seen));
    Ok(())
}

fn main() {}
