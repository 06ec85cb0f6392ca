// expect: no field `uid` on type
// at: uid
use orm_core::prelude::*;
use orm_tests::models::User;

#[derive(Model, Clone, Debug)]
pub struct Visit {
    #[orm(primary_key, generated)]
    pub id: i64,
    #[orm(references = User.uid)]
    pub user_id: i64,
}

fn main() {}
