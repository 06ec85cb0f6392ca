// expect: a model has no type parameters or lifetimes: its table has columns of fixed, owned types
// at: <'a>
use orm_core::prelude::*;

#[derive(Model, Clone, Debug)]
pub struct Visit<'a> {
    #[orm(primary_key)]
    pub path: &'a str,
}

fn main() {}
