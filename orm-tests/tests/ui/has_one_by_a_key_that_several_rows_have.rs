// expect: the foreign key of a `has_one` must be unique, or several rows could have it
// at: card
use orm_core::prelude::*;

#[derive(Model, Clone, Debug)]
#[orm(has_one(card = Card.owner_id))]
pub struct Owner {
    #[orm(primary_key, generated)]
    pub id: i64,
}

#[derive(Model, Clone, Debug)]
pub struct Card {
    #[orm(primary_key, generated)]
    pub id: i64,
    #[orm(references = Owner.id)]
    pub owner_id: i64,
}

fn main() {}
