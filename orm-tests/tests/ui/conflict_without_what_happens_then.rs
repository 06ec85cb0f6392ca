// expect: cannot be executed for its effect
use orm_core::prelude::*;
use orm_tests::models::{NewUser, User};

#[allow(unused)]
async fn program(engine: Engine, mut session: Session) -> Result<(), orm_core::Error> {
    engine.execute(insert(User).values(NewUser::new("Ann")).on_conflict(User.id)).await?;
    Ok(())
}

fn main() {}
