// expect: mismatched types
// at: select((User.id, User.name))
// expect: found `Select<(i64, String)>`
use orm_core::prelude::*;
use orm_tests::models::User;

#[allow(unused)]
async fn program(engine: Engine, mut session: Session) -> Result<(), orm_core::Error> {
    let tree = select((User.id, lit(0))).recursive("tree", |tree| {
        select((User.id, User.name)).join(tree, tree.0.eq(User.id))
    });
    Ok(())
}

fn main() {}
