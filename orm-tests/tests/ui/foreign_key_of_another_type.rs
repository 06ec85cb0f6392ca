// expect: a foreign key of type `String` cannot reference a column of type `i64`
// expect: make this `i64` or `Option<i64>`
// at: String
use orm_core::prelude::*;
use orm_tests::models::User;

#[derive(Model, Clone, Debug)]
pub struct Visit {
    #[orm(primary_key, generated)]
    pub id: i64,
    #[orm(references = User.id)]
    pub user_id: String,
}

fn main() {}
