// expect: no field `user` on type
// at: user)
// expect: available fields are: `id`, `user_id`, `title`
// at: user)
use orm_core::prelude::*;
use orm_tests::models::{Post, User};

#[derive(Model, Clone, Debug)]
#[orm(has_many(posts = Post.user))]
pub struct Visit {
    #[orm(primary_key, generated)]
    pub id: i64,
}

fn main() {}
