// expect: attempted to take value of method `search_order`
// at: search_order
// expect: use parentheses to call the method
use orm_core::prelude::*;
use orm_tests::models::User;

#[allow(unused)]
async fn program(engine: Engine, mut session: Session) -> Result<(), orm_core::Error> {
    let tree = select((User.id,)).recursive("tree", |tree| select((User.id,)).join(tree, tree.0.lt(User.id)));
    select(&tree).order_by(tree.search_order);
    Ok(())
}

fn main() {}
