// expect: cannot be stored in a column of type `Option<i32>`
// at: "26"
use orm_core::prelude::*;
use orm_tests::models::{NewUser, User};

#[allow(unused)]
async fn program(engine: Engine, mut session: Session) -> Result<(), orm_core::Error> {
    insert(User).values(NewUser::new("Ann")).set(User.age, "26");
    Ok(())
}

fn main() {}
