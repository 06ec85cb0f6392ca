// expect: `Tracker` is implemented by sessions alone
// at: Objects
use orm_core::prelude::*;
use orm_core::model::{Model, Tracker};

struct Objects;

impl Tracker for Objects {
    fn take_in<M: Model>(&mut self, _: M) -> Handle<M> {
        unimplemented!()
    }
}

fn main() {}
