// expect: cannot find type `Visitor` in this scope
// at: Visitor
use orm_core::prelude::*;

#[derive(Model, Clone, Debug)]
pub struct Visit {
    #[orm(primary_key, generated)]
    pub id: i64,
    #[orm(references = Visitor.id)]
    pub visitor_id: i64,
}

fn main() {}
