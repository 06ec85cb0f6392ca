// expect: a name with a dot is no table of a schema: write `schema = "league", table = "teams"`
// at: "league.teams"
use orm_core::prelude::*;

#[derive(Model, Clone, Debug)]
#[orm(table = "league.teams")]
struct Team {
    #[orm(primary_key)]
    id: i64,
}

fn main() {}
