//! INSERT of values.

use std::ops::Range;
use std::panic::Location;

use super::synchronize::InsertTarget;
use super::{Command, Copying, Items, Kept, Make, Returning, Selectable, Synchronize, Target};
use crate::error::Error;
use crate::model::{Model, NewModel, NewValue, Table, Writable};
use crate::query::ast::{self, Rows};
use crate::query::outline::{self, Tree};
use crate::query::render::Rendered;
use crate::schema::ColumnMeta;
use crate::types::{BulkColumn, Parameter, Value, bulk_column};

/// An INSERT of rows of `M`.
#[must_use = "a statement does nothing until an engine, a transaction or a session takes it"]
#[derive(Debug)]
pub struct Insert<M: Model> {
    at: &'static Location<'static>,
    pub(super) rows: Vec<M::New>,
    pub(super) conflict: Option<ast::Conflict>,
    pub(super) returning: ast::Few<ast::Item>,
}

impl<M: Model> Clone for Insert<M> {
    fn clone(&self) -> Self {
        Insert {
            at: self.at,
            rows: self.rows.clone(),
            conflict: self.conflict.clone(),
            returning: self.returning.clone(),
        }
    }
}

/// Inserts rows: `insert(User).values(NewUser::new("Ann"))`, or `values` of a `Vec` or an array of them.
#[track_caller]
pub fn insert<T: Table<Model: Model<Kind: Writable>>>(_table: T) -> Insert<T::Model> {
    Insert { at: Location::caller(), rows: Vec::new(), conflict: None, returning: ast::Few::None }
}

/// What `values` takes: one new row, or a `Vec` or an array of them.
#[diagnostic::on_unimplemented(
    message = "`{Self}` is no new row of this table",
    label = "expected `{N}`, or a `Vec` or an array of it"
)]
pub trait Values<N: NewModel> {
    #[doc(hidden)]
    fn into_rows(self) -> Vec<N>;
}

impl<N: NewModel> Values<N> for N {
    fn into_rows(self) -> Vec<N> {
        vec![self]
    }
}

impl<N: NewModel> Values<N> for Vec<N> {
    fn into_rows(self) -> Vec<N> {
        self
    }
}

impl<N: NewModel, const COUNT: usize> Values<N> for [N; COUNT] {
    fn into_rows(self) -> Vec<N> {
        self.into()
    }
}

impl<M: Model> Insert<M> {
    /// Adds one or several rows.
    pub fn values(mut self, rows: impl Values<M::New>) -> Self {
        let first = self.rows.len();
        let rows = rows.into_rows();
        if first == 0 {
            self.rows = rows;
        } else {
            self.rows.extend(rows);
        }
        self.rows[first..].iter_mut().for_each(NewModel::prepare);
        self
    }

    /// Gives back the rows as the database made them, in no particular order.
    pub fn returning<S: Selectable>(mut self, selectable: S) -> Returning<Insert<M>, S::Row> {
        self.returning = Items::of(selectable);
        Returning { command: self, make: Make::Decode(S::decode), what: M::META.entity }
    }

    /// The statement for some of the rows.
    fn tree<'a>(
        &'a self,
        rows: &[M::New],
        conflict: Option<&'a ast::Conflict>,
    ) -> Result<ast::Insert<'a>, Error> {
        let table = M::META;
        if rows.is_empty() {
            let message = format!("this insert into `{}` has no rows: add `.values(..)`", table.entity);
            return Err(Error::statement_invalid(message).located(self.at));
        }
        let mut columns = columns(rows);
        if columns.is_empty() {
            // SQL has no INSERT of several rows without a column.
            columns.extend(table.columns.iter().find(|column| !column.is_computed()));
        }
        let unnested = if rows.len() > 1 { unnest(&columns, rows)? } else { None };
        let rows = match unnested {
            Some(columns) => Rows::Unnest(columns),
            None => Rows::Values(self.parameters(&columns, rows)?),
        };
        Ok(ast::Insert { at: self.at, table, columns, rows, conflict, returning: &self.returning })
    }

    fn parameters(
        &self,
        columns: &[&'static ColumnMeta],
        rows: &[M::New],
    ) -> Result<Vec<Vec<Option<Parameter>>>, Error> {
        let parameter = |row, column: &&'static ColumnMeta| {
            Ok(self.cell(row, column)?.map(|cell| cell.into_parameter(column)))
        };
        rows.iter().map(|row| columns.iter().map(|column| parameter(row, column)).collect()).collect()
    }

    pub(super) fn rendered_with(&self, conflict: Option<&ast::Conflict>) -> Result<Rendered, Error> {
        self.rendered_rows(&self.rows, conflict)
    }

    pub(super) fn rendered_rows(
        &self,
        rows: &[M::New],
        conflict: Option<&ast::Conflict>,
    ) -> Result<Rendered, Error> {
        let tree = self.tree(rows, conflict)?;
        match &tree.rows {
            // Its text depends on the number of rows, and is seldom written twice.
            Rows::Values(rows) if rows.len() > 1 => tree.render(),
            _ => outline::rendered(&tree),
        }
    }

    /// Whether each row says something of each of these columns.
    pub(super) fn is_even(&self, rows: &[M::New], columns: &[&'static ColumnMeta]) -> bool {
        let is_given = |row, column| matches!(self.cell(row, column), Ok(Some(_)));
        rows.iter().all(|row| columns.iter().all(|column| is_given(row, column)))
    }

    pub(super) fn cell<'a>(&self, row: &'a M::New, column: &ColumnMeta) -> Result<Option<Cell<'a>>, Error> {
        match row.value(column.place) {
            NewValue::Value(value) => Ok(Some(Cell::Value(value))),
            NewValue::Null => Ok(Some(Cell::Null)),
            NewValue::Default => Ok(None),
            NewValue::Pending(_) => Err(Error::statement_invalid(format!(
                "`{column:?}` refers to an object of a session by its handle, which only a flush of that session can \
                 resolve: `session.add(..)` the row, or give the key itself"
            ))
            .located(self.at)),
        }
    }
}

/// The columns that some of the rows say something of.
pub(super) fn columns<N: NewModel>(rows: &[N]) -> Vec<&'static ColumnMeta> {
    let says = |row: &N, column: &ColumnMeta| !matches!(row.value(column.place), NewValue::Default);
    let columns = <N::Model as Model>::META.columns.iter();
    columns.filter(|column| rows.iter().any(|row| says(row, column))).collect()
}

pub(super) enum Cell<'a> {
    Value(&'a dyn Value),
    Null,
}

impl Cell<'_> {
    fn into_parameter(self, column: &ColumnMeta) -> Parameter {
        match self {
            Cell::Value(value) => Parameter::shared(value.share()),
            Cell::Null => Parameter::null(column.ty),
        }
    }

    pub(super) fn value(&self) -> &dyn Value {
        match self {
            Cell::Value(value) => *value,
            Cell::Null => &None::<bool>,
        }
    }
}

/// The rows column by column, if each says something of each of these columns.
fn unnest<N: NewModel>(
    columns: &[&'static ColumnMeta],
    rows: &[N],
) -> Result<Option<Vec<BulkColumn>>, Error> {
    let mut arrays = Vec::with_capacity(columns.len());
    for column in columns {
        let mut is_even = true;
        let values = rows.iter().map(|row| match row.value(column.place) {
            NewValue::Value(value) => value,
            NewValue::Null => &None::<bool> as &dyn Value,
            NewValue::Default | NewValue::Pending(_) => {
                is_even = false;
                &None::<bool>
            }
        });
        let array = bulk_column(column.ty, values);
        if !is_even {
            return Ok(None);
        }
        arrays.push(array.map_err(|cause| column.refused(cause))?);
    }
    Ok(Some(arrays))
}

impl<M: Model> Command for Insert<M> {
    type Rows = Kept;

    fn rendered(&self) -> Result<Rendered, Error> {
        self.rendered_with(self.conflict.as_ref())
    }

    fn copying(&self) -> Option<Copying<'_>> {
        self.copying()
    }

    fn parts(&self) -> Result<Vec<Range<usize>>, Error> {
        self.parts()
    }

    fn rendered_part(&self, part: Range<usize>) -> Result<Rendered, Error> {
        self.rendered_rows(&self.rows[part], self.conflict.as_ref())
    }

    fn target(&self) -> Target<'_> {
        Target::Insert(InsertTarget(M::META, Synchronize::Off))
    }
}
