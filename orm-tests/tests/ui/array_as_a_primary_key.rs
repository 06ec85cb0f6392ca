// expect: `Vec<String>` cannot be a primary key
use orm_core::prelude::*;

#[derive(Model, Clone, Debug)]
pub struct Visit {
    #[orm(primary_key)]
    pub path: Vec<String>,
}

fn main() {}
