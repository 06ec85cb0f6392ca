// expect: `String` is no document of JSON
// expect: `.cast::<serde_json::Value>()` makes it one
use orm_core::prelude::*;
use orm_tests::models::User;

#[allow(unused)]
async fn program(engine: Engine, mut session: Session) -> Result<(), orm_core::Error> {
    select(User).filter(User.name.get("a").is_null());
    Ok(())
}

fn main() {}
