//! Relations of rows already read: a statement for each, what it gives attached to the rows.

mod ask;
mod asked;
mod count;
mod load;
mod mistaken;
mod owned;
mod read;
mod related;
mod runs;
mod shape;
mod statement;
mod without;

use std::panic::Location;
use std::sync::Arc;

use crate::error::Error;
use crate::model::relation::{Arity, Path, Relation};
use crate::model::{Alias, Append, Lead, Model, Row};
use crate::query::ast::{Item, Placed, Refused, Source, filter_names};
use crate::query::{Make, ReadRelated, Select, Selectable, With};
pub use ask::JoinedRelation;
pub use count::RelationCount;
pub(crate) use load::step as load;
pub use related::Related;
pub use shape::{FillRelated, ShapeOf, count_related, fill_only, fill_related, related_width};
pub(crate) use statement::{equal_keys, is_known, rows_pointing_at};

/// A relation of the model `M`, as `with` takes it: `User.posts`, with `filter`, `order_by`, `limit`, `with` and `only` behind
/// it, or the `count` of one.
#[diagnostic::on_unimplemented(
    message = "`{Self}` is not a relation of `{M}`",
    label = "expected a relation of the selected model, such as `User.posts` or `Post.author`",
    note = "several relations are read by `.with(User.posts).with(User.team)`",
    note = "of a row of several parts the first has relations: `select((User, Post)).with(User.posts)`"
)]
pub trait RelationOf<M> {
    /// What it gives for each row of `M`.
    type Found: Row + Clone;

    #[doc(hidden)]
    fn reading(self) -> Reading<Self::Found>;
}

/// How a relation is read.
#[doc(hidden)]
pub struct Reading<F> {
    path: Path,
    /// The name of the table it starts from, where that is not the table's own.
    start: Option<Alias>,
    related: Arc<dyn ReadRelated<F>>,
}

#[diagnostic::do_not_recommend]
impl<P, C, A> RelationOf<P> for Relation<P, C, A>
where
    P: Model,
    C: Model<Table: Selectable<Row = C>>,
    A: Arity,
{
    type Found = A::Found<C>;

    #[track_caller]
    fn reading(self) -> Reading<A::Found<C>> {
        Related::new(self).reading()
    }
}

impl<R: Lead> Select<R> {
    /// Reads a relation of a selected model too, in one further statement for all rows.
    ///
    /// `select(User).with(User.posts)` gives rows of `(User, Vec<Post>)`, `select(Post).with(Post.author)` rows of
    /// `(Post, User)`, `select(User).with(User.posts.with(Post.comments))` rows of `(User, Vec<(Post, Vec<Comment>)>)`.
    ///
    /// Where the row holds a model twice, under its own name and as an alias, the relation says which row it belongs to:
    /// `.with(Employee.reports)`, or `.with(boss.reports)` of `let boss = Employee.alias("boss")`.
    ///
    /// ```no_run
    /// # use orm_core::prelude::*;
    /// # use orm_tests::models::*;
    /// # async fn example(engine: Engine) -> Result<(), Error> {
    /// let users: Vec<(User, Vec<Post>)> = engine.all(select(User).with(User.posts)).await?;
    /// # Ok(())
    /// # }
    /// ```
    #[track_caller]
    pub fn with<L>(self, relation: L) -> Select<R::Output>
    where
        L: RelationOf<R::Model>,
        R: Append<L::Found>,
        R::Output: Row,
    {
        let Select { mut query, make, populate_existing } = self;
        let Reading { path, start: alias, related } = relation.reading();
        let start = Source { table: path.start.table, alias };
        let refused = match query.items.iter().find(|item| item.is_entity_of(start)) {
            Some(Item::Entity { optional: true, .. }) => Some(Refused::RelationOfOptional(start)),
            Some(_) => None,
            None => Some(Refused::RelationOf(start)),
        };
        let refused = refused.map(|content| Placed { content, at: Location::caller() });
        if let Some(refused) = refused.or_else(|| related.refused().cloned()) {
            query.refuse(refused);
        }
        let places = query.places_of(path.start, alias);
        let make = Make::Load(Arc::new(With { inner: make, places, alias, related, append: R::append }));
        Select { query, make, populate_existing }
    }
}

/// A row that a relation to one has to give is not there.
fn missing(path: Path) -> Error {
    let table = path.end.table;
    if table.has_filters() {
        let names: Vec<_> = filter_names(table).map(|name| format!("`{name}`")).collect();
        return Error::decode(format!(
            "`{:?}` points at a row of `{}` that a filter of the model leaves out ({}), or that does not exist: leave it out by \
             `.without(..)` of the relation, or select only rows that point at others",
            path.named_by,
            table.entity,
            names.join(", ")
        ));
    }
    Error::decode(format!(
        "`{:?}` points at a row of `{}` that does not exist (any more): the two statements of a relation see the same rows in \
         a transaction of the level REPEATABLE READ",
        path.named_by, table.entity
    ))
}
