// expect: a model has no attribute `table_name`: did you mean `table`?
// at: table_name
// expect: a model has no attribute `composite`: did you mean `foreign_key`?
// at: composite
// expect: a field has no attribute `nullable`: a column may be NULL if its field is an `Option`
// at: nullable
// expect: a field has no attribute `max_length`: text has any length: to limit it, write `check = "length(name) <= 20"`
// at: max_length
// expect: a field has no attribute `auto_now`: did you mean `on_update`?
// at: auto_now
// expect: a field has no attribute `backref`: a relation to one row stands on its foreign key
// at: backref
use orm_core::prelude::*;
use orm_tests::models::User;

#[derive(Model, Clone, Debug)]
#[orm(table_name = "visits", composite(id, user_id = User))]
pub struct Visit {
    #[orm(primary_key, generated)]
    pub id: i64,
    #[orm(nullable, max_length = 20)]
    pub path: Option<String>,
    #[orm(auto_now = "now()")]
    pub changed_at: String,
    #[orm(references = User.id, backref = visits)]
    pub user_id: i64,
}

fn main() {}
