// expect: `Option<String>` cannot be compared or combined with an SQL `String`
// expect: an optional filter is `.filter_some(value, |value| ..)`
// at: name
use orm_core::prelude::*;
use orm_tests::models::User;

#[allow(unused)]
async fn program(engine: Engine, mut session: Session) -> Result<(), orm_core::Error> {
    let name = Some(String::new()); select(User).filter(User.name.eq(name));
    Ok(())
}

fn main() {}
