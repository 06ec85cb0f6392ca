// expect: Handle<Pet>` does not name a row of `User`
// expect: expected its key `i64`, a `Handle<User>` or a `&User`
// at: pet
use orm_core::prelude::*;
use orm_tests::models::{NewPost, Pet, Post};

#[allow(unused)]
async fn program(engine: Engine, mut session: Session) -> Result<(), orm_core::Error> {
    let pet = session.one(select(Pet)).await?;
    session.add(NewPost::new(pet, "Hello"));
    Ok(())
}

fn main() {}
