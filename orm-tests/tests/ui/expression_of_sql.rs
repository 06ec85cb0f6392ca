// expect: SQL of your own is an expression by `expr`
// at: typed
// expect: write `sql!("..").expr::<String>()`, with its Rust type
// at: as_expr
use orm_core::prelude::*;
use orm_tests::models::User;

#[allow(unused)]
async fn program(engine: Engine, mut session: Session) -> Result<(), orm_core::Error> {
    select((User.id, sql!("lower({User.name})").typed::<String>()));
    select((User.id, sql!("lower({User.name})").as_expr()));
    Ok(())
}

fn main() {}
