// expect: a foreign key of type `i32` cannot reference a column of type `i64`
// expect: make this `i64` or `Option<i64>`
// at: i32
use orm_core::prelude::*;
use orm_tests::models::User;

#[derive(Model, Clone, Debug)]
pub struct Visit {
    #[orm(primary_key, generated)]
    pub id: i64,
    #[orm(references = User.id)]
    pub user_id: i32,
}

fn main() {}
