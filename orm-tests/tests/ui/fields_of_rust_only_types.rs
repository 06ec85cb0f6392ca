// expect: `u32` is not a PostgreSQL column type
// at: u32
// expect: PostgreSQL has no unsigned integers: a u32 fits into `i64`; text is an owned `String`
// expect: `usize` is not a PostgreSQL column type
// at: usize
// expect: `char` is not a PostgreSQL column type
// at: char
// expect: `&'static str` is not a PostgreSQL column type
// at: &'static str
// expect: `Box<String>` is not a PostgreSQL column type
// at: Box<String>
// expect: `HashMap<String, String>` is not a PostgreSQL column type
// at: HashMap<String, String>
// expect: `[i32; 3]` is not a PostgreSQL column type
// at: [i32; 3]
// expect: `(f64, f64)` is not a PostgreSQL column type
// at: (f64, f64)
// expect: `Option<i32>` is not a PostgreSQL column type
// at: Option<Option<i32>>
// expect: PostgreSQL has no arrays of `u32`
// at: Vec<u32>
use std::collections::HashMap;

use orm_core::prelude::*;

#[derive(Model, Clone, Debug)]
pub struct Visit {
    #[orm(primary_key, generated)]
    pub id: i64,
    pub count: u32,
    pub length: usize,
    pub letter: char,
    pub path: &'static str,
    pub host: Box<String>,
    pub headers: HashMap<String, String>,
    pub color: [i32; 3],
    pub place: (f64, f64),
    pub age: Option<Option<i32>>,
    pub counts: Vec<u32>,
}

fn main() {}
