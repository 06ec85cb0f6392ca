// expect: a relation needs its foreign key: write `references = User.id` before it
// at: user)]
use orm_core::prelude::*;
use orm_tests::models::{Post, User};

#[derive(Model, Clone, Debug)]
pub struct Visit {
    #[orm(primary_key, generated)]
    pub id: i64,
    #[orm(relation = user)]
    pub user_id: i64,
}

fn main() {}
