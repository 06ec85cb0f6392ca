// expect: PostgreSQL calculates no `percentile_cont` of `String`
// at: User.name
use orm_core::prelude::*;
use orm_tests::models::User;

#[allow(unused)]
async fn program(engine: Engine, mut session: Session) -> Result<(), orm_core::Error> {
    select(func::percentile_cont(0.5).within_group(User.name));
    Ok(())
}

fn main() {}
