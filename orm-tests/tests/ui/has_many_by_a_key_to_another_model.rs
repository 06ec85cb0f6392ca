// expect: the foreign key of this relation does not reference
// at: visits = Visit.user_id
// expect: no foreign key of
// at: visits = Visit.user_id
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
#[orm(has_many(visits = Visit.user_id))]
pub struct Place {
    #[orm(primary_key, generated)]
    pub id: i64,
}

fn main() {}
