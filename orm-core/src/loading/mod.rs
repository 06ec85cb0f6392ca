//! Relations of rows already read: plan a statement for each, attach what it gives.

mod attach;
mod order;
mod relate;

use std::sync::Arc;

use crate::error::Error;
use crate::model::{Append, Lead, Row};
use crate::query::{Make, Select, Step};
use attach::With;
pub use relate::{Relation, RelationOf};

impl<R: Lead> Select<R> {
    /// Reads a relation of the leading model too, in one further statement for all rows.
    ///
    /// `select(User).with(User.posts)` gives rows of `(User, Vec<Post>)`, `select(Post).with(Post.author)` rows of
    /// `(Post, User)`.
    pub fn with<L>(self, relation: L) -> Select<R::Output>
    where
        R: Append<L::Found>,
        L: RelationOf<R::Model>,
        R::Output: Row,
    {
        let make = Make::Load(Arc::new(With::new(self.make, relation)));
        Select { query: self.query, make, populate_existing: self.populate_existing }
    }
}

/// What follows when the rows a relation starts from are known.
type Next<R> = Result<Step<R>, Error>;
