// expect: type annotations needed
// at: friends
use orm_core::prelude::*;

#[derive(Model, Clone, Debug)]
#[orm(many_to_many(friends = Person, through = Friendship))]
pub struct Person {
    #[orm(primary_key, generated)]
    pub id: i64,
}

#[derive(Model, Clone, Debug)]
pub struct Friendship {
    #[orm(primary_key, references = Person.id)]
    pub person_id: i64,
    #[orm(primary_key, references = Person.id)]
    pub friend_id: i64,
}

fn main() {}
