// expect: `Row` is implemented by no program itself
// at: CardByHand
// expect: write `#[derive(Row)]` on `CardByHand`, or `#[derive(Model)]`
use orm_core::prelude::*;
use orm_core::model::Tracker;

#[allow(unused)]
struct CardByHand {
    name: String,
}

impl orm_core::model::Row for CardByHand {
    type Tracked = Self;

    fn track<K: Tracker>(self, _: &mut K) -> Self {
        self
    }
}

fn main() {}
