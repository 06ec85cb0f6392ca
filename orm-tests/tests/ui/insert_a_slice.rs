// expect: TODO
use orm_core::prelude::*;
use orm_tests::models::{NewUser, User};

#[allow(unused)]
async fn program(engine: Engine, mut session: Session) -> Result<(), orm_core::Error> {
    let rows = [NewUser::new("Ann")];
    insert(User).values(&rows);
    Ok(())
}

fn main() {}
