//! A select as a table of another statement: derived tables, CTEs.

use std::fmt;
use std::marker::PhantomData;
use std::ops::Deref;
use std::panic::Location;
use std::sync::Arc;

use super::{IntoSource, Items, Select, Selectable, SourceNode};
use crate::error::Error;
use crate::model::{Alias, Model, Row, Table, each_tuple};
use crate::query::ast::{
    self, Body, BodyKind, ColumnRef, Content, Item, Materialized, Node, Recursive, Source,
};
use crate::query::expr::Column;
use crate::row::Cells;
use crate::schema::{ColumnMeta, Default, TableMeta};
use crate::types::{BaseType, SqlType};

/// Whose columns these are: of a model, or of a derived table with rows `R`.
#[diagnostic::on_unimplemented(
    message = "`{Self}` has no columns that can be read",
    label = "expected a model, or a derived table"
)]
pub trait Origin {
    /// The table, where it is one of the database.
    #[doc(hidden)]
    fn table() -> Option<&'static TableMeta>;
}

impl<M: Model> Origin for M {
    fn table() -> Option<&'static TableMeta> {
        Some(M::META)
    }
}

/// The origin of the columns of a derived table whose rows are `R`.
pub struct DerivedOf<R>(PhantomData<fn() -> R>);

impl<R> Origin for DerivedOf<R> {
    fn table() -> Option<&'static TableMeta> {
        None
    }
}

/// A row that a derived table can have: a tuple of columns' types, or a model.
#[diagnostic::on_unimplemented(
    message = "rows of `{Self}` are no table",
    label = "expected rows that are a tuple of values or a model",
    note = "one value is a tuple of one: `select((User.id,))`; a model beside something else is selected column by column"
)]
pub trait TableRow: Row {
    /// Its columns: a tuple, or the table of the model under another name.
    type Columns: Selectable<Row = Self> + Copy;

    #[doc(hidden)]
    fn columns(alias: Alias) -> Self::Columns;

    #[doc(hidden)]
    fn table() -> &'static TableMeta;

    /// The names of the columns.
    #[doc(hidden)]
    fn names() -> Vec<&'static str>;
}

impl<M> TableRow for M
where
    M: Model<Table: Selectable<Row = M>>,
{
    type Columns = M::Table;

    fn columns(alias: Alias) -> M::Table {
        M::TABLE.under(alias)
    }

    fn table() -> &'static TableMeta {
        M::META
    }

    fn names() -> Vec<&'static str> {
        M::META.columns.iter().map(|column| column.name).collect()
    }
}

/// How many columns the row of a derived table can have that is a tuple.
const PLACES: usize = 16;

/// The table of all tuples: its columns are told apart by the name of the derived table.
static TUPLE: TableMeta = TableMeta { entity: "derived table", ..TableMeta::EMPTY };

const NAMES: [&str; PLACES] =
    ["c1", "c2", "c3", "c4", "c5", "c6", "c7", "c8", "c9", "c10", "c11", "c12", "c13", "c14", "c15", "c16"];

/// Each place twice: NOT NULL, and behind it one that may be NULL.
static COLUMNS: [ColumnMeta; 2 * PLACES] = {
    let mut columns = [const { place(0) }; 2 * PLACES];
    let mut at = 0;
    while at < 2 * PLACES {
        columns[at] = place(at);
        at += 1;
    }
    columns
};

const fn place(at: usize) -> ColumnMeta {
    ColumnMeta {
        table: &TUPLE,
        place: at / 2,
        field: NAMES[at / 2],
        name: NAMES[at / 2],
        comment: "",
        ty: i64::TYPE,
        nullable: at % 2 == 1,
        unique: false,
        default: Default::None,
        client_default: None,
        on_update: None,
        foreign_key: None,
    }
}

fn column<R, T: SqlType>(place: usize, alias: Alias) -> Column<DerivedOf<R>, T> {
    Column::new(&COLUMNS[2 * place + usize::from(T::NULLABLE)]).aliased(alias)
}

/// A select as a table in FROM that sees nothing of what is around it; with its columns.
pub(crate) fn closed_table(name: &'static str, select: ast::Select) -> (Source, Arc<Body>, Vec<Node>) {
    let alias = Alias::derived(name);
    let count = select.items.iter().map(Item::width).sum();
    let columns = COLUMNS.iter().step_by(2).take(count);
    let columns = columns.map(|meta| Node::Column(ColumnRef { meta, alias: Some(alias) })).collect();
    let names = NAMES[..count].to_vec();
    let (at, content) = (select.at, Content::Select(Arc::new(select)));
    let body = Body { at, kind: BodyKind::Derived, name, columns: names, content };
    (Source { table: &TUPLE, alias: Some(alias) }, Arc::new(body), columns)
}

macro_rules! table_row {
    ($($part:ident $place:tt),*) => {
        impl<$($part: SqlType + Row),*> TableRow for ($($part,)*) {
            type Columns = ($(Column<DerivedOf<Self>, $part>,)*);

            fn columns(alias: Alias) -> Self::Columns {
                ($(column::<Self, $part>($place, alias),)*)
            }

            fn table() -> &'static TableMeta {
                &TUPLE
            }

            fn names() -> Vec<&'static str> {
                vec![$(NAMES[$place]),*]
            }
        }
    };
}
each_tuple!(table_row);

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
        let body = Body { at, kind, name, columns: R::names(), content };
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

    /// Its columns: of a tuple, to be taken apart by `let (a, b) = x.columns()`.
    pub fn columns(&self) -> R::Columns {
        self.columns
    }

    /// The same table under another name, to stand twice in one statement.
    pub fn alias(&self, name: &'static str) -> Derived<R> {
        Derived::of(name, Arc::clone(&self.body))
    }
}

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

/// Its columns by their names: `rich.name` of rows that are a model, `per_user.1` of a tuple.
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

impl<R: TableRow> Select<R> {
    /// The select as a table in FROM, with this name.
    #[track_caller]
    pub fn derived(self, name: &'static str) -> Derived<R> {
        self.stands_as(name, BodyKind::Derived)
    }

    /// Another name of [`derived`](Select::derived).
    #[track_caller]
    pub fn subquery(self, name: &'static str) -> Derived<R> {
        self.derived(name)
    }

    /// As `derived`, and its conditions see the tables that stand before it in FROM (LATERAL).
    #[track_caller]
    pub fn lateral(self, name: &'static str) -> Derived<R> {
        self.stands_as(name, BodyKind::Lateral)
    }

    /// The select as a table with this name that stands in WITH, once, wherever it is named in the statement.
    #[track_caller]
    pub fn cte(self, name: &'static str) -> Derived<R> {
        self.stands_as(name, BodyKind::Cte(Materialized::Unsaid))
    }

    /// As `cte`, worked out once and kept (MATERIALIZED), or never (NOT MATERIALIZED).
    #[track_caller]
    pub fn cte_materialized(self, name: &'static str, materialized: bool) -> Derived<R> {
        let materialized = if materialized { Materialized::Yes } else { Materialized::No };
        self.stands_as(name, BodyKind::Cte(materialized))
    }

    /// The rows of this select, and those that `step` makes of the rows so far, until there are no more: a recursive CTE.
    /// `step` gets the table of the rows so far, to be joined as it is given.
    ///
    /// ```
    /// use orm_core::prelude::*;
    ///
    /// #[derive(Model, Clone, Debug)]
    /// #[orm(table = "nodes")]
    /// pub struct Node {
    ///     #[orm(primary_key)]
    ///     pub id: i64,
    ///     pub parent_id: Option<i64>,
    /// }
    ///
    /// let tree = select((Node.id, lit(0))).filter(Node.id.eq(1)).recursive("tree", |tree| {
    ///     let (id, depth) = tree.columns();
    ///     select((Node.id, depth + 1)).join(tree, Node.parent_id.eq(id))
    /// });
    /// assert!(select(&tree).to_sql()?.text.starts_with("WITH RECURSIVE"));
    /// # Ok::<(), orm_core::Error>(())
    /// ```
    #[track_caller]
    pub fn recursive(self, name: &'static str, step: impl FnOnce(&Derived<R>) -> Select<R>) -> Derived<R> {
        let at = Location::caller();
        let so_far = Derived::new(name, BodyKind::Itself, Content::Itself, at);
        let step = *step(&so_far).query;
        let recursive = Recursive { first: *self.query, step, distinct: false, order: None, cycle: None };
        Derived::new(name, BodyKind::Recursive, Content::Recursive(Arc::new(recursive)), at)
    }

    #[track_caller]
    fn stands_as(self, name: &'static str, kind: BodyKind) -> Derived<R> {
        Derived::new(name, kind, Content::Select(Arc::new(*self.query)), Location::caller())
    }
}
