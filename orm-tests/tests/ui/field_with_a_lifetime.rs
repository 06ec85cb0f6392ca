// expect: TODO
use orm_core::prelude::*;

#[derive(Model, Clone, Debug)]
pub struct Visit<'a> {
    #[orm(primary_key)]
    pub path: &'a str,
}

fn main() {}
