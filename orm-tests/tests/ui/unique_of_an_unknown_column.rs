// expect: `Visit` has no field `pth`: did you mean `path`?
// at: pth
use orm_core::prelude::*;

#[derive(Model, Clone, Debug)]
#[orm(unique(id, pth))]
pub struct Visit {
    #[orm(primary_key, generated)]
    pub id: i64,
    pub path: String,
}

fn main() {}
