// expect: `OrderedSet<Continuous>` cannot be selected
// at: func
use orm_core::prelude::*;
use orm_tests::models::User;

#[allow(unused)]
async fn program(engine: Engine, mut session: Session) -> Result<(), orm_core::Error> {
    select(func::percentile_cont(0.5));
    Ok(())
}

fn main() {}
