// expect: mismatched types
// at: tree.0 + 1
// expect: found `Expr<i64>`
use orm_core::prelude::*;
use orm_tests::models::User;

#[allow(unused)]
async fn program(engine: Engine, mut session: Session) -> Result<(), orm_core::Error> {
    let tree = select((User.id,)).recursive("tree", |tree| tree.0 + 1);
    Ok(())
}

fn main() {}
