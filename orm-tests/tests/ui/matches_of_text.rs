// expect: `matches` is of text search, and `String` is no `TsVector`
// at: matches
// expect: write `.regexp("^a")` or `.iregexp(..)` for a regular expression
// at: matches
// expect: text is matched by a regular expression with `regexp`
// at: matches_ci
use orm_core::prelude::*;
use orm_tests::models::User;

#[allow(unused)]
async fn program(engine: Engine, mut session: Session) -> Result<(), orm_core::Error> {
    select(User).filter(User.name.matches("^a"));
    select(User).filter(User.name.matches_ci("^a"));
    Ok(())
}

fn main() {}
