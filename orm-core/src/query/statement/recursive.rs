//! Recursive CTEs: in which order their rows are found, and what ends them where rows form circles.

use std::panic::Location;
use std::sync::Arc;

use super::table_row::{IS_CYCLE, SEARCH_ORDER};
use super::{Derived, Select, TableRow};
use crate::query::ast::{Body, BodyKind, Content, Cycle, Direction, Node, Recursive, Search};
use crate::query::expr::{Expr, Grouping, Order, groups_of};

impl<R> Select<R> {
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
    pub fn recursive(self, name: &'static str, step: impl FnOnce(&Derived<R>) -> Select<R>) -> Derived<R>
    where
        R: TableRow,
    {
        self.goes_on(name, step, false)
    }

    /// As `recursive`, without rows that were there before (UNION): it ends where all that `step` gives is known.
    ///
    /// ```
    /// # use orm_core::prelude::*;
    /// # use orm_tests::models::*;
    /// let below = select((Employee.id,)).filter(Employee.id.eq(1)).recursive_distinct("below", |below| {
    ///     select((Employee.id,)).join(below, Employee.manager_id.eq(below.columns().0))
    /// });
    /// let all = select(&below);
    /// ```
    #[track_caller]
    pub fn recursive_distinct(
        self,
        name: &'static str,
        step: impl FnOnce(&Derived<R>) -> Select<R>,
    ) -> Derived<R>
    where
        R: TableRow,
    {
        self.goes_on(name, step, true)
    }

    #[track_caller]
    fn goes_on(
        self,
        name: &'static str,
        step: impl FnOnce(&Derived<R>) -> Select<R>,
        distinct: bool,
    ) -> Derived<R>
    where
        R: TableRow,
    {
        let at = Location::caller();
        let so_far = Derived::new(name, BodyKind::Itself, Content::Itself, at);
        let step = *step(&so_far).query;
        let recursive = Recursive { first: *self.query, step, distinct, search: None, cycle: None };
        Derived::new(name, BodyKind::Recursive, Content::Recursive(Arc::new(recursive)), at)
    }
}

/// Of a table made by [`recursive`](Select::recursive).
impl<R: TableRow> Derived<R> {
    /// Keeps in which order a search finds the rows that goes to the rows below one before those beside it (SEARCH DEPTH
    /// FIRST); rows beside each other go by these columns. [`search_order`](Derived::search_order) sorts by it.
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
    /// let tree = select(Node)
    ///     .filter(Node.parent_id.is_null())
    ///     .recursive("tree", |tree| select(Node).join(tree, Node.parent_id.eq(tree.id)))
    ///     .search_depth_first(|tree| tree.id);
    /// let as_in_a_list = select(&tree).order_by(tree.search_order());
    /// assert!(as_in_a_list.to_sql()?.text.contains("SEARCH DEPTH FIRST BY"));
    /// # Ok::<(), orm_core::Error>(())
    /// ```
    pub fn search_depth_first<G: Grouping>(self, by: impl FnOnce(&R::Columns) -> G) -> Derived<R> {
        self.searched(true, by)
    }

    /// As [`search_depth_first`](Derived::search_depth_first), with all rows that are equally far from the first ones together
    /// (SEARCH BREADTH FIRST).
    ///
    /// ```
    /// # use orm_core::prelude::*;
    /// # use orm_tests::models::*;
    /// let staff = select(Employee)
    ///     .filter(Employee.manager_id.is_null())
    ///     .recursive("staff", |staff| select(Employee).join(staff, Employee.manager_id.eq(staff.id)))
    ///     .search_breadth_first(|staff| staff.id);
    /// let level_by_level = select(&staff).order_by(staff.search_order());
    /// ```
    pub fn search_breadth_first<G: Grouping>(self, by: impl FnOnce(&R::Columns) -> G) -> Derived<R> {
        self.searched(false, by)
    }

    /// Ends where a row is reached again from itself, which is so where these columns have the same values (CYCLE). That row is
    /// there once more, and [`is_cycle`](Derived::is_cycle) is true of it.
    ///
    /// ```
    /// use orm_core::prelude::*;
    ///
    /// #[derive(Model, Clone, Debug)]
    /// #[orm(table = "edges")]
    /// pub struct Edge {
    ///     #[orm(primary_key)]
    ///     pub id: i64,
    ///     pub from: i64,
    ///     pub to: i64,
    /// }
    ///
    /// let way = select((Edge.from, Edge.to))
    ///     .filter(Edge.from.eq(1))
    ///     .recursive("way", |way| select((Edge.from, Edge.to)).join(way, Edge.from.eq(way.1)))
    ///     .cycle(|way| (way.0, way.1));
    /// let without_the_last = select(&way).filter(!way.is_cycle());
    /// assert!(without_the_last.to_sql()?.text.contains("CYCLE"));
    /// # Ok::<(), orm_core::Error>(())
    /// ```
    pub fn cycle<G: Grouping>(self, columns: impl FnOnce(&R::Columns) -> G) -> Derived<R> {
        let columns = names_of(columns(&self));
        self.changed("cycle", columns, |recursive, columns| recursive.cycle = Some(Cycle { columns }))
    }

    /// The place of a row in the order of [`search_depth_first`](Derived::search_depth_first) or
    /// [`search_breadth_first`](Derived::search_breadth_first), to sort by.
    ///
    /// ```
    /// # use orm_core::prelude::*;
    /// # use orm_tests::models::*;
    /// let staff = select(Employee)
    ///     .filter(Employee.manager_id.is_null())
    ///     .recursive("staff", |staff| select(Employee).join(staff, Employee.manager_id.eq(staff.id)))
    ///     .search_depth_first(|staff| staff.id);
    /// let as_a_tree = select(&staff).order_by(staff.search_order());
    /// ```
    pub fn search_order(&self) -> Order {
        Order::new(self.added(&SEARCH_ORDER), Direction::Asc)
    }

    /// Whether the row was reached from itself; for a table with [`cycle`](Derived::cycle).
    ///
    /// ```
    /// # use orm_core::prelude::*;
    /// # use orm_tests::models::*;
    /// let staff = select(Employee)
    ///     .filter(Employee.id.eq(1))
    ///     .recursive("staff", |staff| select(Employee).join(staff, Employee.manager_id.eq(staff.id)))
    ///     .cycle(|staff| staff.id);
    /// let each_once = select(&staff).filter(!staff.is_cycle());
    /// ```
    pub fn is_cycle(&self) -> Expr<bool> {
        Expr::from_node(self.added(&IS_CYCLE))
    }

    fn searched<G: Grouping>(self, depth_first: bool, by: impl FnOnce(&R::Columns) -> G) -> Derived<R> {
        let by = names_of(by(&self));
        let method = if depth_first { "search_depth_first" } else { "search_breadth_first" };
        self.changed(method, by, |recursive, by| recursive.search = Some(Search { depth_first, by }))
    }

    fn changed(
        self,
        method: &str,
        columns: Option<Vec<&'static str>>,
        change: impl FnOnce(&mut Recursive, Vec<&'static str>),
    ) -> Derived<R> {
        let body = self.body();
        let content = match (&body.content, columns) {
            (Content::Recursive(recursive), Some(columns)) => {
                let mut recursive = Recursive::clone(recursive);
                change(&mut recursive, columns);
                Content::Recursive(Arc::new(recursive))
            }
            (Content::Recursive(_), None) => Content::Refused(
                format!("`.{method}(..)` of \"{}\" takes its columns: `|rows| rows.id`", body.name).into(),
            ),
            _ => Content::Refused(
                format!("\"{}\" is not recursive: `.{method}(..)` stands behind `.recursive(..)`", body.name)
                    .into(),
            ),
        };
        let Body { at, kind, name, .. } = *body;
        Derived::new(name, kind, content, at)
    }
}

/// The names of columns; `None` where there is something else.
fn names_of(columns: impl Grouping) -> Option<Vec<&'static str>> {
    let name = |node| match node {
        Node::Column(column) => Some(column.meta.name),
        _ => None,
    };
    groups_of(columns).map(name).collect()
}
