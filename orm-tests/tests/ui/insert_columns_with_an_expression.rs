// expect: cannot be stored in a column of type `Option<i32>`
// expect: an array a slice; what the database works out is for `.set(..)`
use orm_core::prelude::*;
use orm_tests::models::{Post, User};

#[allow(unused)]
async fn program(engine: Engine, mut session: Session) -> Result<(), orm_core::Error> {
    insert(User).columns((User.name, User.age)).values([("Ann", func::count(User.id))]);
    Ok(())
}

fn main() {}
