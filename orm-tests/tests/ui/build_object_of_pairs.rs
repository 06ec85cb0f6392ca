// expect: names and values stand in turn: `func::jsonb_build_object(("id", User.id, "name", User.name))`
// at: (("id"
use orm_core::prelude::*;
use orm_tests::models::User;

#[allow(unused)]
async fn program(engine: Engine, mut session: Session) -> Result<(), orm_core::Error> {
    select(func::jsonb_build_object((("id", User.id), ("name", User.name))));
    Ok(())
}

fn main() {}
