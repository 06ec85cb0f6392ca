// expect: TODO
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
