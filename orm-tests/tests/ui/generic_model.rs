// expect: a model has no type parameters or lifetimes: its table has columns of fixed, owned types
// at: <T>
use orm_core::prelude::*;

#[derive(Model, Clone, Debug)]
pub struct Visit<T> {
    #[orm(primary_key)]
    pub id: i64,
    pub content: T,
}

fn main() {}
