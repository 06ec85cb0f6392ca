// expect: expected a column of a model: write `references = User.id`
// at: User::id
use orm_core::prelude::*;
use orm_tests::models::User;

#[derive(Model, Clone, Debug)]
pub struct Visit {
    #[orm(primary_key, generated)]
    pub id: i64,
    #[orm(references = User::id)]
    pub user_id: i64,
}

fn main() {}
