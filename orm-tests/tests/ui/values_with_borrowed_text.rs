// expect: are no table
// at: values([(1
// expect: text is a `String`: `"a".to_owned()`
use orm_core::prelude::*;
use orm_tests::models::User;

#[allow(unused)]
async fn program(engine: Engine, mut session: Session) -> Result<(), orm_core::Error> {
    let pairs = values([(1, "one")]).derived("pairs");
    Ok(())
}

fn main() {}
