// expect: an `Xmin` is the system column, and nothing else is: write `#[orm(version, column = "xmin")] version: Xmin`
use orm_core::prelude::*;
use orm_core::types::Xmin;

#[derive(Model, Clone, Debug)]
struct Draft {
    #[orm(primary_key, generated)]
    id: i64,
    #[orm(version)]
    version: Xmin,
}

fn main() {}
