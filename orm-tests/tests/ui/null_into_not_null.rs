// expect: `Option<String>` cannot be stored in a column of type `String`
// expect: expected a value or expression of type `String`
// at: None::<String>
use orm_core::prelude::*;
use orm_tests::models::User;

#[allow(unused)]
async fn program(engine: Engine, mut session: Session) -> Result<(), orm_core::Error> {
    update(User).set(User.name, None::<String>);
    Ok(())
}

fn main() {}
