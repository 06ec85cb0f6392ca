// expect: `Value` is implemented by column types alone
// at: Celsius
// expect: write `#[derive(ColumnType)]`, `#[derive(Enum)]` or `#[derive(Composite)]` on `Celsius`
use orm_core::prelude::*;

#[derive(Debug)]
struct Celsius;

impl orm_core::types::Value for Celsius {
    fn is_null(&self) -> bool {
        false
    }
}

fn main() {}
