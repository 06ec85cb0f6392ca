// expect: there is a relation `user` already: call the relation something else
// at: user)]
use orm_core::prelude::*;
use orm_tests::models::{Post, User};

#[derive(Model, Clone, Debug)]
pub struct Visit {
    #[orm(primary_key, generated)]
    pub id: i64,
    #[orm(references = User.id, relation = user)]
    pub user_id: i64,
    #[orm(references = User.id, relation = user)]
    pub other_id: i64,
}

fn main() {}
