// expect: a select has no method `where_`
// at: where_
// expect: write `.filter(..)`
use orm_core::prelude::*;
use orm_tests::models::User;

#[allow(unused)]
async fn program(engine: Engine, mut session: Session) -> Result<(), orm_core::Error> {
    select(User).where_(User.age.ge(18));
    Ok(())
}

fn main() {}
