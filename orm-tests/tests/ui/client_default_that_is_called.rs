// expect: expected a function without arguments, by its name: write `client_default = path`
// at: path()
use orm_core::prelude::*;

fn path() -> String {
    String::new()
}

#[derive(Model, Clone, Debug)]
pub struct Visit {
    #[orm(primary_key, generated)]
    pub id: i64,
    #[orm(client_default = path())]
    pub path: String,
}

fn main() {}
