// expect: `Column<User, String>` is neither an array nor a select of one column
// at: User.name
use orm_core::prelude::*;
use orm_tests::models::User;

#[allow(unused)]
async fn program(engine: Engine, mut session: Session) -> Result<(), orm_core::Error> {
    select(User).filter(lit(1).eq(any(User.name)));
    Ok(())
}

fn main() {}
