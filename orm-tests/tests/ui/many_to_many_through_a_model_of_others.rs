// expect: the foreign key of this relation does not reference
// at: Post
// expect: no foreign key of `Post` to
// at: Post
use orm_core::prelude::*;
use orm_tests::models::{Post, User};

#[derive(Model, Clone, Debug)]
#[orm(many_to_many(users = User, through = Post))]
pub struct Visit {
    #[orm(primary_key, generated)]
    pub id: i64,
}

fn main() {}
