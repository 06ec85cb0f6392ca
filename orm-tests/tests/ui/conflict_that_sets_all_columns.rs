// expect: write `.on_conflict(User.email).do_update()`; one by one
// at: do_update_all
// expect: `do_update` alone takes all that the new row holds
// at: set_all
use orm_core::prelude::*;
use orm_tests::models::{NewUser, User};

#[allow(unused)]
async fn program(engine: Engine, mut session: Session) -> Result<(), orm_core::Error> {
    insert(NewUser::new("Ann")).on_conflict(User.id).do_update_all();
    insert(NewUser::new("Ann")).on_conflict(User.id).do_update().set_all();
    Ok(())
}

fn main() {}
