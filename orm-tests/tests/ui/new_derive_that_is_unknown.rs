// expect: cannot find derive macro `Serialise` in this scope
// at: Serialise
use orm_core::prelude::*;

#[derive(Model, Clone, Debug)]
#[orm(new(derive(Serialise)))]
pub struct Visit {
    #[orm(primary_key, generated)]
    pub id: i64,
    pub path: String,
}

fn main() {}
