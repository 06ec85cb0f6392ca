// expect: values are compared by `eq`, `ne`, `lt`, `le`, `gt` and `ge`
// at: equals
// expect: write `.eq(..)` for `=`
// at: is_equal
use orm_core::prelude::*;
use orm_tests::models::User;

#[allow(unused)]
async fn program(engine: Engine, mut session: Session) -> Result<(), orm_core::Error> {
    select(User).filter(User.id.equals(1));
    select(User).filter(User.id.is_equal(1));
    Ok(())
}

fn main() {}
