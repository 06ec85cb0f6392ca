// expect: a `generated` column is numbered by the database, so it has no `default`: remove one of the two
// at: "1"
// expect: a value comes from the database's `default` or from the program's `client_default`: remove one
// at: String::new
// expect: a `computed` column is kept up to date by the database, so it has no `on_update`: remove one of the two
// at: "now()"
// expect: a `version` is counted by the flush, so it cannot be a primary key: remove one of the two
// at: primary_key, version
use orm_core::prelude::*;

#[derive(Model, Clone, Debug)]
pub struct Visit {
    #[orm(primary_key, generated, default = "1")]
    pub id: i64,
    #[orm(default = "''", client_default = String::new)]
    pub path: String,
    #[orm(computed = "upper(path)", on_update = "now()")]
    pub upper: String,
    #[orm(primary_key, version)]
    pub version: i32,
}

fn main() {}
