// expect: `User` is not a PostgreSQL column type
// expect: not a column type
// expect: rows of another model are no column but a relation
// at: User
use orm_core::prelude::*;
use orm_tests::models::User;

#[derive(Model, Clone, Debug)]
pub struct Visit {
    #[orm(primary_key, generated)]
    pub id: i64,
    #[orm(references = User.id)]
    pub user: User,
}

fn main() {}
