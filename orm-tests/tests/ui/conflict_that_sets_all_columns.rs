// expect: write `.do_update().set(User.name, excluded(User.name))`; what takes all that the new row holds, NULLs too, is `.do_update_all()`
// at: do_update_set
// expect: a column of the row that is there is set behind `do_update`
// at: set_all
use orm_core::prelude::*;
use orm_tests::models::{NewUser, User};

#[allow(unused)]
async fn program(engine: Engine, mut session: Session) -> Result<(), orm_core::Error> {
    insert(NewUser::new("Ann")).on_conflict(User.id).do_update_set(User.name, excluded(User.name));
    insert(NewUser::new("Ann")).on_conflict(User.id).do_update().set_all();
    Ok(())
}

fn main() {}
