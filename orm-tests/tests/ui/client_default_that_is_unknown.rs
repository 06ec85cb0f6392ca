// expect: expected value, found built-in attribute `path`
// at: path
use orm_core::prelude::*;

#[derive(Model, Clone, Debug)]
pub struct Visit {
    #[orm(primary_key, generated)]
    pub id: i64,
    #[orm(client_default = path)]
    pub path: String,
}

fn main() {}
