// expect: PostgreSQL has no arrays of `User`
// expect: expected a column type that is no array, or an `Option` of one
// expect: rows of another model are no column but a relation: `#[orm(has_many(posts = Post.user_id))]` on the struct
// at: Vec<User>
use orm_core::prelude::*;
use orm_tests::models::User;

#[derive(Model, Clone, Debug)]
pub struct Visit {
    #[orm(primary_key, generated)]
    pub id: i64,
    pub users: Vec<User>,
}

fn main() {}
