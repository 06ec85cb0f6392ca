// expect: a foreign key must reference a column no two rows share: the primary key of a model whose key is one column, or a `unique` column; for a key of several columns write `foreign_key(first, second = Model)` on the struct
// at: String
use orm_core::prelude::*;
use orm_tests::models::User;

#[derive(Model, Clone, Debug)]
pub struct Visit {
    #[orm(primary_key, generated)]
    pub id: i64,
    #[orm(references = User.name)]
    pub user: String,
}

fn main() {}
