//! What can stand in FROM.

use std::panic::Location;
use std::sync::Arc;

use crate::model::{Model, Table};
use crate::query::ast::{Beside, Body, Placed, Select, Source};

/// A table in a statement: a model's table such as `User`, an alias of it, or a reference to a derived table or a CTE.
#[diagnostic::on_unimplemented(
    message = "`{Self}` is not a table",
    label = "expected a model's table such as `User`, `User.alias(\"u\")`, or a reference to a derived table",
    note = "a select becomes a table with `.derived(\"name\")` or `.cte(\"name\")`, a function that gives rows and `values(..)` \
            with `.derived(\"name\")`; it is then joined as `&name`",
    note = "a relation is joined by its foreign key: `.join_relation(Post.author)`, `.outer_join_relation(User.posts)`"
)]
pub trait IntoSource {
    #[doc(hidden)]
    fn into_source(self) -> SourceNode;
}

/// A table, and what stands behind it.
#[doc(hidden)]
#[derive(Clone, Debug)]
pub struct SourceNode {
    source: Source,
    body: Option<Arc<Body>>,
}

impl SourceNode {
    pub(crate) fn new(source: Source, body: Option<Arc<Body>>) -> SourceNode {
        SourceNode { source, body }
    }

    pub(crate) fn source(&self) -> Source {
        self.source
    }

    /// Puts it beside the table that a statement changes.
    pub(super) fn stand_beside(self, beside: &mut Option<Box<Beside>>, at: &'static Location<'static>) {
        let beside = beside.get_or_insert_default();
        beside.sources.push(Placed { content: self.source, at });
        beside.bodies.extend(self.body.map(|body| (self.source, body)));
    }

    /// Says to a statement what stands behind the source.
    pub(super) fn tell(self, select: &mut Select) -> Source {
        if let Some(body) = self.body {
            add_body(select, self.source, body);
        }
        self.source
    }
}

/// Says to a statement what stands behind a source, once.
pub(super) fn add_body(select: &mut Select, source: Source, body: Arc<Body>) {
    if select.body(source).is_none_or(|other| !Arc::ptr_eq(other, &body)) {
        select.more().bodies.push((source, body));
    }
}

/// A table as the tree knows it.
pub(crate) fn source_of<T: Table>(table: &T) -> Source {
    Source { table: T::Model::META, alias: table.named() }
}

#[diagnostic::do_not_recommend]
impl<T: Table> IntoSource for T {
    fn into_source(self) -> SourceNode {
        SourceNode::new(source_of(&self), None)
    }
}
