// expect: a relation goes by a foreign key: write `#[orm(references = ..)]` on the field of this column
// at: users
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
