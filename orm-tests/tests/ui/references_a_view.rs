// expect: a foreign key must reference a column no two rows share: the primary key of a model whose key is one column, or a `unique` column; for a key of several columns write `foreign_key(first, second = Model)` on the struct
// at: i64
use orm_core::prelude::*;

#[derive(Model, Clone, Debug)]
#[orm(view)]
pub struct Adult {
    pub id: i64,
    pub name: String,
}

#[derive(Model, Clone, Debug)]
pub struct Visit {
    #[orm(primary_key, generated)]
    pub id: i64,
    #[orm(references = Adult.id)]
    pub adult_id: i64,
}

fn main() {}
