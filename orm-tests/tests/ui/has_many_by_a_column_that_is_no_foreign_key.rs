// expect: TODO
use orm_core::prelude::*;
use orm_tests::models::User;

#[derive(Model, Clone, Debug)]
#[orm(has_many(users = User.id))]
pub struct Visit {
    #[orm(primary_key, generated)]
    pub id: i64,
    pub path: String,
}

fn main() {}
