// expect: `Batch` is implemented by no program itself
// at: Mine
// expect: a tuple, a `Vec` or an array of statements is one
use orm_core::prelude::*;

struct Mine;

impl orm_core::Batch for Mine {
    type Output = ();
    type Drafts = ();
}

fn main() {}
