// expect: cannot be selected
// at: func::table
// expect: a function that gives rows is a table, with `.derived("name")`
use orm_core::prelude::*;
use orm_tests::models::User;

#[allow(unused)]
async fn program(engine: Engine, mut session: Session) -> Result<(), orm_core::Error> {
    select(func::table::<(i32, i32)>("pairs", ()));
    Ok(())
}

fn main() {}
