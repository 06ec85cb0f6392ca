// expect: a foreign key cannot reference a column whose unique constraint is deferrable, which PostgreSQL refuses: remove `deferrable` there, or reference another column
// at: String
use orm_core::prelude::*;

#[derive(Model, Clone, Debug)]
pub struct Place {
    #[orm(primary_key, generated)]
    pub id: i64,
    #[orm(unique(deferrable))]
    pub name: String,
}

#[derive(Model, Clone, Debug)]
pub struct Visit {
    #[orm(primary_key, generated)]
    pub id: i64,
    #[orm(references = Place.name)]
    pub place: String,
}

fn main() {}
