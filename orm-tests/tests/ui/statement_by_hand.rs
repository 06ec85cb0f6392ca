// expect: statements are those of this crate: `Query`, `Command` and `BatchItem` are implemented by no program itself
// at: Mine
// expect: or `sql!(..)` for SQL of your own
use orm_core::prelude::*;
use orm_core::query::BatchItem;

struct Mine;

impl BatchItem for Mine {
    type Output = u64;
    type Decoded = ();
}

fn main() {}
