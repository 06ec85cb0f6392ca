// expect: the trait bound `Receipt: Clone` is not satisfied
// expect: consider annotating `Receipt` with `#[derive(Clone)]`
// at: Receipt
use orm_core::prelude::*;

#[derive(Model, Debug)]
pub struct Receipt {
    #[orm(primary_key, generated)]
    pub id: i64,
}

fn main() {}
