//! A select as a table of another statement: derived tables, CTEs.

use std::fmt;
use std::ops::Deref;
use std::panic::Location;
use std::sync::Arc;

use super::table_row::{COLUMNS, DerivedOf, NAMES, NOT_SELECTED, TUPLE};
use super::{IntoSource, Items, Select, Selectable, SourceNode, TableRow};
use crate::error::Error;
use crate::model::Alias;
use crate::query::ast::{self, Body, BodyKind, ColumnRef, Content, Item, Materialized, Node, Source};
use crate::query::expr::{Column, Expr, Scalar};
use crate::row::Cells;
use crate::schema::ColumnMeta;
use crate::types::SqlType;

/// A select as a table in FROM that sees the statements around the one it stands in; with its columns.
pub(crate) fn inner_table(name: &'static str, select: ast::Select) -> (Source, Arc<Body>, Vec<Node>) {
    let alias = Alias::derived(name);
    let count = select.items.iter().map(Item::width).sum();
    let columns = COLUMNS.iter().take(count);
    let columns = columns.map(|[meta, _]| Node::Column(ColumnRef { meta, alias: Some(alias) })).collect();
    let names = NAMES[..count].to_vec();
    let (at, content) = (select.at, Content::Select(Arc::new(select)));
    let body = Body { at, kind: BodyKind::Lateral, name, columns: names, content };
    (Source { table: &TUPLE, alias: Some(alias) }, Arc::new(body), columns)
}

/// A select that stands as a table in others: a derived table, or a CTE. `&x` stands where tables stand (`join`,
/// `select_from`, a select list); its columns, which are `Copy`, where columns do.
///
/// ```
/// use orm_core::prelude::*;
///
/// #[derive(Model, Clone, Debug)]
/// #[orm(table = "posts")]
/// pub struct Post {
///     #[orm(primary_key, generated)]
///     pub id: i64,
///     pub user_id: i64,
/// }
///
/// let per_user = select((Post.user_id, func::count(Post.id))).group_by(Post.user_id).derived("per_user");
/// let (user, posts) = per_user.columns();
/// let busy = select((user, posts)).select_from(&per_user).filter(posts.gt(10));
/// assert!(busy.to_sql()?.text.contains(r#") AS "per_user"("c1", "c2") WHERE "per_user"."c2" > "#));
/// # Ok::<(), orm_core::Error>(())
/// ```
pub struct Derived<R: TableRow> {
    columns: R::Columns,
    source: Source,
    body: Arc<Body>,
}

impl<R: TableRow> Derived<R> {
    pub(super) fn new(
        name: &'static str,
        kind: BodyKind,
        content: Content,
        at: &'static Location<'static>,
    ) -> Derived<R> {
        let body = Body { at, kind, name, columns: R::column_names(), content };
        Derived::of(name, Arc::new(body))
    }

    fn of(name: &'static str, body: Arc<Body>) -> Derived<R> {
        let alias = Alias::derived(name);
        let source = Source { table: R::table(), alias: Some(alias) };
        Derived { columns: R::columns(alias), source, body }
    }

    pub(super) fn body(&self) -> Arc<Body> {
        Arc::clone(&self.body)
    }

    /// A column that its rows have beside their own.
    pub(super) fn added(&self, meta: &'static ColumnMeta) -> Node {
        Node::Column(ColumnRef { meta, alias: self.source.alias })
    }

    /// Its columns: of a tuple, to be taken apart by `let (a, b) = x.columns()`.
    ///
    /// ```
    /// # use orm_core::prelude::*;
    /// # use orm_tests::models::*;
    /// let counts = select((Post.user_id, func::count(Post.id))).group_by(Post.user_id).derived("counts");
    /// let (user_id, posts) = counts.columns();
    /// let busy = select((User.name, posts)).join(&counts, user_id.eq(User.id)).filter(posts.gt(10));
    /// ```
    pub fn columns(&self) -> R::Columns {
        self.columns
    }

    /// The column, which is `Copy`, that holds something of its select: `spent.column(Order.user_id)`, or of an expression, as
    /// `spent.column(&total)`. What its select does not give is an error when the statement is checked.
    ///
    /// ```
    /// # use orm_core::prelude::*;
    /// # use orm_tests::models::*;
    /// let counts = select((Post.user_id, func::count(Post.id))).group_by(Post.user_id).derived("counts");
    /// let names = select(User.name).join(&counts, counts.column(Post.user_id).eq(User.id));
    /// ```
    pub fn column<C: ColumnOf>(&self, of: C) -> Column<DerivedOf<R>, C::Type> {
        let node = of.into_expr().into_node();
        let placed = match &self.body.content {
            Content::Select(select) if std::ptr::eq(self.source.table, &TUPLE) => select.column_of(&node),
            _ => None,
        };
        let meta = match (
            placed.and_then(|(place, nullable)| Some(&COLUMNS.get(place)?[usize::from(nullable)])),
            node.bare(),
        ) {
            (Some(meta), _) => meta,
            // A model, or a struct with names: it knows the column by its name.
            (None, Node::Column(column)) => column.meta,
            // The checker says so.
            (None, _) => &NOT_SELECTED,
        };
        let column = Column::new(meta);
        self.source.alias.map_or(column, |alias| column.aliased(alias))
    }

    /// The same table under another name, to stand twice in one statement.
    ///
    /// ```
    /// # use orm_core::prelude::*;
    /// # use orm_tests::models::*;
    /// let counts = select((Post.user_id, func::count(Post.id))).group_by(Post.user_id).cte("counts");
    /// let others = counts.alias("others");
    /// let more = select(counts.columns().0).join(&others, counts.columns().1.gt(others.columns().1));
    /// ```
    pub fn alias(&self, name: &'static str) -> Derived<R> {
        Derived::of(name, Arc::clone(&self.body))
    }
}

/// What the column of a derived table is named by: a column or an expression that its select gives.
#[diagnostic::on_unimplemented(
    message = "the columns of a derived table are not taken by a name",
    label = "write `table.column(Order.user_id)` with what its select gives; `let (a, b) = table.columns()` of a tuple, \
             `table.name` of a model or a struct with `#[derive(Row)]`"
)]
pub trait ColumnOf {
    /// The Rust type of its values.
    type Type: SqlType;

    #[doc(hidden)]
    fn into_expr(self) -> Expr<Self::Type>;
}

// Written out: an impl for whatever is an expression would replace the message above by one about expressions.
macro_rules! column_of {
    ($([$($generic:tt)*] $ty:ty),*) => { $(
        #[diagnostic::do_not_recommend]
        impl<$($generic)* T: SqlType> ColumnOf for $ty {
            type Type = T;

            fn into_expr(self) -> Expr<T> {
                Scalar::into_expr(self)
            }
        }
    )* };
}
column_of!([M,] Column<M, T>, [M,] &Column<M, T>, [] Expr<T>, [] &Expr<T>);

impl<R: TableRow> Clone for Derived<R> {
    fn clone(&self) -> Self {
        Derived { columns: self.columns, source: self.source, body: Arc::clone(&self.body) }
    }
}

impl<R: TableRow> fmt::Debug for Derived<R> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Derived({:?})", self.source.name())
    }
}

/// Its columns by their names: `rich.name` of rows with names or of a model, `per_user.1` of a tuple.
impl<R: TableRow> Deref for Derived<R> {
    type Target = R::Columns;

    fn deref(&self) -> &R::Columns {
        &self.columns
    }
}

impl<R: TableRow> IntoSource for &Derived<R> {
    fn into_source(self) -> SourceNode {
        SourceNode::new(self.source, Some(Arc::clone(&self.body)))
    }
}

/// In the step of a recursive query, whose rows so far are a reference already.
impl<R: TableRow> IntoSource for &&Derived<R> {
    fn into_source(self) -> SourceNode {
        (*self).into_source()
    }
}

#[diagnostic::do_not_recommend]
impl<R: TableRow> Selectable for &Derived<R> {
    type Row = R;

    fn items(self, items: &mut Items) {
        self.columns.items(items);
        items.body(self.source, Arc::clone(&self.body));
    }

    fn decode(cells: &mut Cells<'_>) -> Result<R, Error> {
        R::Columns::decode(cells)
    }

    fn width() -> usize {
        R::Columns::width()
    }
}

impl<R> Select<R> {
    /// The select as a table in FROM, with this name.
    ///
    /// ```
    /// # use orm_core::prelude::*;
    /// # use orm_tests::models::*;
    /// let adults = select((User.id, User.name)).filter(User.age.ge(18)).derived("adults");
    /// let titles = select((adults.columns().1, Post.title)).join(&adults, adults.columns().0.eq(Post.user_id));
    /// ```
    #[track_caller]
    pub fn derived(self, name: &'static str) -> Derived<R>
    where
        R: TableRow,
    {
        self.stands_as(name, BodyKind::Derived)
    }

    /// Another name of [`derived`](Select::derived).
    ///
    /// ```
    /// # use orm_core::prelude::*;
    /// # use orm_tests::models::*;
    /// let adults = select((User.id, User.name)).filter(User.age.ge(18)).subquery("adults");
    /// let names = select(adults.columns().1);
    /// ```
    #[track_caller]
    pub fn subquery(self, name: &'static str) -> Derived<R>
    where
        R: TableRow,
    {
        self.derived(name)
    }

    /// As `derived`, and its conditions see the tables that stand before it in FROM (LATERAL).
    ///
    /// ```
    /// # use orm_core::prelude::*;
    /// # use orm_tests::models::*;
    /// let last = select((Post.title,)).filter(Post.user_id.eq(User.id)).order_by(Post.id.desc()).limit(1).lateral("last");
    /// let rows = select((User.name, last.columns().0)).join_lateral(&last);
    /// ```
    #[track_caller]
    pub fn lateral(self, name: &'static str) -> Derived<R>
    where
        R: TableRow,
    {
        self.stands_as(name, BodyKind::Lateral)
    }

    /// The select as a table with this name that stands in WITH, once, wherever it is named in the statement.
    ///
    /// ```
    /// # use orm_core::prelude::*;
    /// # use orm_tests::models::*;
    /// let counts = select((Post.user_id, func::count(Post.id))).group_by(Post.user_id).cte("counts");
    /// let (user_id, posts) = counts.columns();
    /// let most = select(func::max(posts)).select_from(&counts);
    /// let busiest = select(user_id).select_from(&counts).filter(posts.eq(most));
    /// ```
    #[track_caller]
    pub fn cte(self, name: &'static str) -> Derived<R>
    where
        R: TableRow,
    {
        self.stands_as(name, BodyKind::Cte(Materialized::Unsaid))
    }

    #[track_caller]
    fn stands_as(self, name: &'static str, kind: BodyKind) -> Derived<R>
    where
        R: TableRow,
    {
        Derived::new(name, kind, Content::Select(Arc::new(*self.query)), Location::caller())
    }
}

impl<R> Select<R> {
    /// Puts a CTE into WITH that the select itself does not name: one that writes, and that only a part of it reads.
    ///
    /// ```
    /// # use orm_core::prelude::*;
    /// # use orm_tests::models::*;
    /// let removed = delete(Post).filter(Post.title.eq("")).returning((Post.id,)).cte("removed");
    /// let users = select(User).add_cte(&removed);
    /// ```
    pub fn add_cte<C: TableRow>(mut self, cte: &Derived<C>) -> Self {
        self.query.more().with.push(cte.body());
        self
    }
}
