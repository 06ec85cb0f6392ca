// expect: what an insert does where the row is there stands behind `on_conflict`
// at: or_ignore
// expect: write `.on_conflict(User.email).do_update().set(User.name, excluded(User.name))`
// at: or_ignore
// expect: what an insert does where the row is there
// at: set(User.age
use orm_core::prelude::*;
use orm_tests::models::{NewUser, User};

#[allow(unused)]
async fn program(engine: Engine, mut session: Session) -> Result<(), orm_core::Error> {
    insert(User).values(NewUser::new("Ann")).or_ignore();
    insert(User).values(NewUser::new("Ann")).on_conflict(User.id).set(User.age, 1);
    Ok(())
}

fn main() {}
