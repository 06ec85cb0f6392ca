// expect: the trait bound `Visit: Clone` is not satisfied
// expect: consider annotating `Visit` with `#[derive(Clone)]`
// at: Visit
use orm_core::prelude::*;

#[derive(Model, Debug)]
pub struct Visit {
    #[orm(primary_key, generated)]
    pub id: i64,
}

fn main() {}
