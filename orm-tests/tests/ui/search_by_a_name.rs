// expect: closure, found `&str`
// at: "id"
use orm_core::prelude::*;
use orm_tests::models::User;

#[allow(unused)]
async fn program(engine: Engine, mut session: Session) -> Result<(), orm_core::Error> {
    let tree = select((User.id,)).recursive("tree", |tree| select((User.id,)).join(tree, tree.0.lt(User.id)));
    let tree = tree.search_depth_first("id");
    Ok(())
}

fn main() {}
