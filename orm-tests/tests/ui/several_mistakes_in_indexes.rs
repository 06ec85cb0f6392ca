// expect: did you mean `method`? an index has columns, expressions in quotes
// at: index_type
// expect: expected a string: write `where = "path"`
// at: path)
// expect: `Visit` has no field `pth`: did you mean `path`?
// at: pth
// expect: a unique constraint is of all rows, and of columns: write `index(.., unique)` for one of some rows
// at: where = "id > 0"
// expect: an index of several columns or of an expression stands on the struct: move it there
// at: index("lower(path)")
use orm_core::prelude::*;

#[derive(Model, Clone, Debug)]
#[orm(index(path, index_type = "gin"))]
#[orm(index(path, where = path))]
#[orm(index(pth))]
#[orm(unique(path, where = "id > 0"))]
pub struct Visit {
    #[orm(primary_key, generated)]
    pub id: i64,
    #[orm(index("lower(path)"))]
    pub path: String,
}

fn main() {}
