// expect: cannot be compared with the tuple
// at: (1, 2, 3)
// expect: expected a tuple of as many values
use orm_core::prelude::*;
use orm_tests::models::User;

#[allow(unused)]
async fn program(engine: Engine, mut session: Session) -> Result<(), orm_core::Error> {
    select(User).filter((User.id, User.age).lt((1, 2, 3)));
    Ok(())
}

fn main() {}
