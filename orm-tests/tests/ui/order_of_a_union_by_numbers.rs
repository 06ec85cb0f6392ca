// expect: sorted by a column of its first select, or by the same expression, `&what`
// at: 1, 2)
use orm_core::prelude::*;
use orm_tests::models::{Post, User};

#[allow(unused)]
async fn program(engine: Engine, mut session: Session) -> Result<(), orm_core::Error> {
    select((User.name, User.id)).union_all(select((Post.title, Post.id))).order_by((1, 2));
    Ok(())
}

fn main() {}
