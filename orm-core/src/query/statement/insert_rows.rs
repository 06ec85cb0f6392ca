//! The rows of an INSERT, as the caller gave them.

use std::ops::Range;
use std::panic::Location;
use std::sync::Arc;

use super::named::NamedRows;
use crate::error::Error;
use crate::model::{Model, NewModel, NewValue};
use crate::query::ast::{self, InsertSource};
use crate::schema::ColumnMeta;
use crate::types::{BulkColumn, Parameter, Value, bulk_column};

/// The rows of an INSERT.
#[derive(Clone, Debug)]
pub(super) enum InsertRows<N> {
    /// None was spoken of.
    Nothing,
    /// One by one, each saying what it has.
    Whole(Vec<N>),
    /// Column by column.
    Named(NamedRows),
    /// Those that a select gives.
    Select { columns: Vec<&'static ColumnMeta>, select: Arc<ast::Select> },
    /// Of several kinds, which no statement can have.
    Mixed,
}

impl<N: NewModel> InsertRows<N> {
    pub(super) fn add_whole(&mut self, mut rows: Vec<N>) {
        rows.iter_mut().for_each(NewModel::prepare);
        match self {
            InsertRows::Nothing => *self = InsertRows::Whole(rows),
            InsertRows::Whole(listed) if listed.is_empty() => *listed = rows,
            InsertRows::Whole(listed) => listed.extend(rows),
            InsertRows::Named(_) | InsertRows::Select { .. } | InsertRows::Mixed => *self = InsertRows::Mixed,
        }
    }

    pub(super) fn add_select(&mut self, columns: Vec<&'static ColumnMeta>, select: Arc<ast::Select>) {
        *self = if self.is_empty() { InsertRows::Select { columns, select } } else { InsertRows::Mixed };
    }

    fn is_empty(&self) -> bool {
        match self {
            InsertRows::Nothing => true,
            InsertRows::Whole(listed) => listed.is_empty(),
            InsertRows::Named(_) | InsertRows::Select { .. } | InsertRows::Mixed => false,
        }
    }

    pub(super) fn add_named(&mut self, named: NamedRows) {
        *self = if self.is_empty() { InsertRows::Named(named) } else { InsertRows::Mixed };
    }

    pub(super) fn len(&self) -> usize {
        match self {
            InsertRows::Whole(rows) => rows.len(),
            InsertRows::Named(named) => named.len(),
            InsertRows::Select { .. } => 1,
            InsertRows::Nothing | InsertRows::Mixed => 0,
        }
    }

    /// The columns that some of the rows say something of.
    pub(super) fn columns(&self, rows: Range<usize>) -> Vec<&'static ColumnMeta> {
        match self {
            InsertRows::Whole(listed) => columns(&listed[rows]),
            InsertRows::Named(named) => named.columns(),
            InsertRows::Select { columns, .. } => columns.clone(),
            InsertRows::Nothing | InsertRows::Mixed => Vec::new(),
        }
    }

    /// Some of the rows, as a statement holds them.
    pub(super) fn rows(
        &self,
        rows: Range<usize>,
        columns: &[&'static ColumnMeta],
        at: &'static Location<'static>,
    ) -> Result<InsertSource, Error> {
        match self {
            InsertRows::Whole(listed) => whole(&listed[rows], columns, at),
            InsertRows::Named(named) => named.rows(rows),
            InsertRows::Select { select, .. } => Ok(InsertSource::Select(Arc::clone(select))),
            InsertRows::Nothing | InsertRows::Mixed => {
                Ok(InsertSource::Values(vec![vec![None; columns.len()]; rows.len()]))
            }
        }
    }

    /// Refuses what no statement can be made of.
    pub(super) fn check(&self, at: &'static Location<'static>) -> Result<(), Error> {
        let entity = N::Model::META.entity;
        match self {
            InsertRows::Named(named) => named.check()?,
            InsertRows::Mixed => {
                let message = format!(
                    "this insert into `{entity}` has rows of named columns, or of a select, beside others: send them as two \
                     statements"
                );
                return Err(Error::statement_invalid(message).located(at));
            }
            InsertRows::Nothing | InsertRows::Whole(_) | InsertRows::Select { .. } => {}
        }
        Ok(())
    }
}

/// The columns that some of these rows say something of.
fn columns<N: NewModel>(rows: &[N]) -> Vec<&'static ColumnMeta> {
    let says = |row: &N, column: &ColumnMeta| !matches!(row.value(column.place), NewValue::Default);
    let columns = <N::Model as Model>::META.columns.iter();
    columns.filter(|column| rows.iter().any(|row| says(row, column))).collect()
}

fn whole<N: NewModel>(
    rows: &[N],
    columns: &[&'static ColumnMeta],
    at: &'static Location<'static>,
) -> Result<InsertSource, Error> {
    if rows.len() > 1
        && !columns.is_empty()
        && let Some(columns) = unnest(columns, rows)?
    {
        return Ok(InsertSource::Unnest(columns));
    }
    let parameter = |row, column: &&'static ColumnMeta| {
        Ok(input_value(row, column, at)?.map(|value| value.into_parameter(column)))
    };
    let rows = rows.iter().map(|row| columns.iter().map(|column| parameter(row, column)).collect());
    rows.collect::<Result<_, Error>>().map(InsertSource::Values)
}

pub(super) enum InputValue<'a> {
    Value(&'a dyn Value),
    Null,
}

impl InputValue<'_> {
    fn into_parameter(self, column: &ColumnMeta) -> Parameter {
        match self {
            InputValue::Value(value) => Parameter::shared(value.share()),
            InputValue::Null => Parameter::null(column.ty),
        }
    }

    pub(super) fn value(&self) -> &dyn Value {
        match self {
            InputValue::Value(value) => *value,
            InputValue::Null => &None::<bool>,
        }
    }
}

/// What a row says of a column; `None` leaves it to the database.
pub(super) fn input_value<'a, N: NewModel>(
    row: &'a N,
    column: &ColumnMeta,
    at: &'static Location<'static>,
) -> Result<Option<InputValue<'a>>, Error> {
    match row.value(column.place) {
        NewValue::Value(value) => Ok(Some(InputValue::Value(value))),
        NewValue::Null => Ok(Some(InputValue::Null)),
        NewValue::Default => Ok(None),
        NewValue::Pending(_) => Err(Error::statement_invalid(format!(
            "`{column:?}` refers to an object of a session by its handle, which only a flush of that session can \
             resolve: `session.add(..)` the row, or give the key itself"
        ))
        .located(at)),
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
