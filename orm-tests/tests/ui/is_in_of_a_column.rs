// expect: whether a value is in a list is asked by `in_`
// at: is_in
// expect: write `.in_([1, 2])`
// at: eq_any
// expect: `.not_in(..)` for the others
// at: isin
use orm_core::prelude::*;
use orm_tests::models::User;

#[allow(unused)]
async fn program(engine: Engine, mut session: Session) -> Result<(), orm_core::Error> {
    select(User).filter(User.id.is_in([1, 2]));
    select(User).filter(User.id.eq_any([1, 2]));
    select(User).filter((User.id + 1).isin([1, 2]));
    Ok(())
}

fn main() {}
