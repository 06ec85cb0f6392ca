// expect: a column of type `String` cannot hold an expression of `i64`
use orm_core::prelude::*;
use orm_tests::models::{NewUser, User};

#[allow(unused)]
async fn program(engine: Engine, mut session: Session) -> Result<(), orm_core::Error> {
    insert(User).values(NewUser::new("Ann")).on_conflict(User.id).do_update().set(User.name, excluded(User.id));
    Ok(())
}

fn main() {}
