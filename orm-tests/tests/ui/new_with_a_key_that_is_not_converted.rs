// expect: expected `Ref<User, i64>`, found integer
// at: 1
use orm_core::prelude::*;
use orm_tests::models::{NewPost, Post};

#[allow(unused)]
async fn program(engine: Engine, mut session: Session) -> Result<(), orm_core::Error> {
    session.add(NewPost { user_id: 1, title: "Hello".into() });
    Ok(())
}

fn main() {}
