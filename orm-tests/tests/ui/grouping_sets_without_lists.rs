// expect: is no list of grouping sets
// at: User.name
// expect: expected a tuple of them, or a `Vec`
use orm_core::prelude::*;
use orm_tests::models::User;

#[allow(unused)]
async fn program(engine: Engine, mut session: Session) -> Result<(), orm_core::Error> {
    select(func::count_star()).group_by(grouping_sets(User.name));
    Ok(())
}

fn main() {}
