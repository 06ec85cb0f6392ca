//! How many rows belong to each.

use std::fmt;
use std::marker::PhantomData;
use std::ops::Deref;
use std::sync::Arc;

use tokio_postgres::Row as DriverRow;

use super::owned::Owned;
use super::statement::{belonging, columns, only_of, only_of_rows, refuse_others};
use super::{Reading, RelationOf};
use crate::error::Error;
use crate::model::relation::Path;
use crate::model::{Alias, Model};
use crate::query::ast::{self, Item, Node, Placed, Refused};
use crate::query::{
    Cond, Expr, Fill, Following, Items, Keys, OrderBy, OrderKey, Parent, ReadRelated, RowSink, Scalar,
    Selectable, Step, case, func,
};
use crate::row::Cells;
use crate::schema::Target;
use crate::types::{BaseType, Cell};

/// How many related rows there are: an expression, such as in `order_by(User.posts.count().desc())`, and what
/// `with(User.posts.count())` gives for each row in place of the rows.
#[must_use]
pub struct RelationCount<P> {
    pub(super) path: Path,
    /// The name of the table it starts from, where that is not the table's own.
    pub(super) start: Option<Alias>,
    /// The related rows that are counted.
    pub(super) query: ast::Select,
    pub(super) limit: Option<i64>,
    /// The same for one row, as an expression.
    pub(super) expression: Expr<i64>,
    /// Whether there is a row that they could be related to.
    pub(super) present: Cond,
    pub(super) model: PhantomData<fn() -> P>,
}

impl<P> Clone for RelationCount<P> {
    fn clone(&self) -> Self {
        let RelationCount { path, start, query, limit, expression, present, .. } = self;
        RelationCount {
            path: *path,
            start: *start,
            query: query.clone(),
            limit: *limit,
            expression: expression.clone(),
            present: present.clone(),
            model: PhantomData,
        }
    }
}

impl<P> fmt::Debug for RelationCount<P> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_tuple("RelationCount").field(&self.path).finish()
    }
}

impl<P> Deref for RelationCount<P> {
    type Target = Expr<i64>;

    fn deref(&self) -> &Expr<i64> {
        &self.expression
    }
}

impl<P> Scalar for RelationCount<P> {
    type Type = i64;

    fn into_expr(self) -> Expr<i64> {
        self.expression
    }
}

impl<P> OrderBy for RelationCount<P> {
    fn collect(self, keys: &mut Vec<OrderKey>) {
        self.expression.collect(keys);
    }
}

#[diagnostic::do_not_recommend]
impl<P> Selectable for RelationCount<P> {
    type Row = i64;

    fn items(self, items: &mut Items) {
        match items.is_optional() {
            // Of a row that is not there nothing is counted, not even none.
            true => case().when(self.present, self.expression).end().items(items),
            false => self.expression.items(items),
        }
    }

    fn decode(cells: &mut Cells<'_>) -> Result<i64, Error> {
        cells.read()
    }
}

#[diagnostic::do_not_recommend]
impl<P> Fill<i64> for RelationCount<P> {
    fn fill_items(self, items: &mut Items) {
        self.items(items);
    }

    fn fill(cells: &mut Cells<'_>) -> Result<i64, Error> {
        cells.read()
    }
}

#[diagnostic::do_not_recommend]
impl<P: Model> RelationOf<P> for RelationCount<P> {
    type Found = i64;

    fn reading(self) -> Reading<i64> {
        let RelationCount { path, start, mut query, limit, .. } = self;
        refuse_others(&mut query, &path);
        Reading { path, start, related: Arc::new(Count { path, query, limit: limit.unwrap_or(i64::MAX) }) }
    }
}

/// Counts the rows that belong to each key.
struct Count {
    path: Path,
    query: ast::Select,
    /// No more than so many are counted.
    limit: i64,
}

impl ReadRelated<i64> for Count {
    fn read(&self, mut keys: Keys, number: usize) -> Result<Step<i64>, Error> {
        if keys.count() == 0 {
            return Ok(Step::Done(vec![0; keys.rows.len()]));
        }
        let (query, owned) = self.statement(|query, belonging| only_of(query, belonging, &mut keys))?;
        let counts = vec![0; keys.count()];
        let counting = Counting { owned, keys, limit: self.limit, counts };
        Ok(Step::Fetch(vec![Following { number, query }], Box::new(counting)))
    }

    fn count(&self) -> usize {
        0
    }

    fn refused(&self) -> Option<&Placed<Refused>> {
        self.query.refused()
    }

    fn ahead(&self, parent: &Parent<'_>, ahead: &mut Vec<ast::Select>) -> Result<(), Error> {
        ahead.push(self.statement(|query, belonging| only_of_rows(query, belonging, parent))?.0);
        Ok(())
    }
}

impl Count {
    /// The statement for rows that `only` leaves, and where its rows have what they belong by.
    fn statement(
        &self,
        only: impl FnOnce(&mut ast::Select, Target) -> Result<Option<Node>, Error>,
    ) -> Result<(ast::Select, Owned), Error> {
        let mut query = self.query.clone();
        let at = query.at;
        let belonging = belonging(&mut query, &self.path, None);
        let number = only(&mut query, belonging)?;
        let key = number.clone().map_or_else(|| columns(belonging, None).collect(), |number| vec![number]);
        query.group = key.into_iter().map(|content| Placed { content, at }).collect();
        let node = func::count_star().into_node();
        query.items = ast::OneOrMany::One(Item::Value { node, label: None, ty: i64::TYPE, nullable: false });
        let owned = Owned::new(&mut query, belonging, number);
        Ok((query, owned))
    }
}

struct Counting {
    owned: Owned,
    keys: Keys,
    limit: i64,
    counts: Vec<i64>,
}

impl RowSink<i64> for Counting {
    fn take(&mut self, _: usize, row: &DriverRow) -> Result<(), Error> {
        if let Some(number) = self.owned.owner(row, &mut self.keys)?
            && let Ok(Cell(Some(count))) = row.try_get(0)
        {
            let count =
                count.try_into().map_err(|_| Error::decode("a count came as something else than bigint"))?;
            self.counts[number] = i64::from_be_bytes(count).min(self.limit);
        }
        Ok(())
    }

    fn finish(self: Box<Self>) -> Result<Step<i64>, Error> {
        let of = |number: &Option<usize>| number.map_or(0, |number| self.counts[number]);
        Ok(Step::Done(self.keys.rows.iter().map(of).collect()))
    }
}
