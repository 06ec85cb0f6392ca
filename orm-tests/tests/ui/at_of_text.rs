// expect: the method `at` exists for struct `Column<User, String>`, but its trait bounds were not satisfied
// expect: `String: ArrayType`
// at: at
use orm_core::prelude::*;
use orm_tests::models::User;

#[allow(unused)]
async fn program(engine: Engine, mut session: Session) -> Result<(), orm_core::Error> {
    select(User.name.at(1));
    Ok(())
}

fn main() {}
