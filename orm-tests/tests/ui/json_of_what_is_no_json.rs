// expect: the trait bound `Plain: serde::Serialize` is not satisfied
// expect: for local types consider adding `#[derive(serde::Serialize)]` to your `Plain` type
// at: orm_core::types::Json<Plain>
use orm_core::prelude::*;

#[derive(Clone, Debug)]
pub struct Plain;

#[derive(Model, Clone, Debug)]
pub struct Visit {
    #[orm(primary_key, generated)]
    pub id: i64,
    pub plain: orm_core::types::Json<Plain>,
}

fn main() {}
