// expect: the foreign key of this relation does not reference
// at: Visit
use orm_core::prelude::*;
use orm_tests::models::User;

#[derive(Model, Clone, Debug)]
pub struct Visit {
    #[orm(primary_key, generated)]
    pub id: i64,
    #[orm(references = User.id)]
    pub user_id: i64,
}

#[derive(Model, Clone, Debug)]
#[orm(many_to_many(users = User, through = Visit))]
pub struct Place {
    #[orm(primary_key, generated)]
    pub id: i64,
}

fn main() {}
