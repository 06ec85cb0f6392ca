//! One face for every model of the test, so that one driver works on all schemas.

use std::any::Any;
use std::fmt::Write;
use std::future::Future;
use std::marker::PhantomData;
use std::pin::Pin;
use std::str::FromStr;
use std::sync::Arc;

use orm_core::model::{Entity, Key, Model, NewModel, Ref};
use orm_core::prelude::*;
use orm_core::query::Column;
use orm_core::query::Selectable;
use orm_core::schema::{ColumnMeta, TableMeta};
use orm_core::types::{BaseType, Value};

/// A value as PostgreSQL writes it; `None` is NULL.
pub type Cell = Option<String>;

/// A handle of any model.
pub type AnyHandle = Arc<dyn Any + Send + Sync>;

/// Objects, each with its columns.
pub type Loaded = Result<Vec<(Vec<Cell>, AnyHandle)>, Error>;

pub type Pending<'a, T> = Pin<Box<dyn Future<Output = T> + Send + 'a>>;

/// What a new row says of a column.
#[derive(Clone)]
pub enum Given {
    Default,
    Null,
    Value(String),
    Handle(AnyHandle),
}

/// What the columns of a new row are filled from, by the field's name.
pub type Giver<'a> = dyn FnMut(&'static str) -> Given + 'a;

/// An insert struct that can be made of given values.
pub trait Make: NewModel {
    fn make(given: &mut Giver<'_>) -> Self;
}

/// A field of an insert struct.
pub trait FromGiven: Sized {
    fn from_given(given: Given) -> Self;

    /// NULL, where the field can say it.
    fn null() -> Option<Self> {
        None
    }
}

fn parsed<T: FromStr>(text: &str) -> T {
    text.parse().unwrap_or_else(|_| panic!("{text:?} is no value of the column's type"))
}

macro_rules! from_given {
    ($($base:ty),*) => {
        $(impl FromGiven for $base {
            fn from_given(given: Given) -> Self {
                match given {
                    Given::Value(text) => parsed(&text),
                    _ => panic!("this column takes a value"),
                }
            }
        })*
    };
}
from_given!(String, i32, i64, bool);

impl<F: FromGiven> FromGiven for Option<F> {
    fn from_given(given: Given) -> Self {
        match given {
            Given::Default => None,
            Given::Null => F::null(),
            given => Some(F::from_given(given)),
        }
    }

    fn null() -> Option<Self> {
        Some(None)
    }
}

impl<M: Model, K: BaseType + FromStr> FromGiven for Ref<M, K> {
    fn from_given(given: Given) -> Self {
        match given {
            Given::Value(text) => Ref::Key(parsed(&text)),
            Given::Handle(handle) => Ref::Object(*handle.downcast_ref::<Handle<M>>().unwrap()),
            _ => panic!("a reference takes a value or a handle"),
        }
    }
}

/// A key that can be made of the cells of its columns.
pub trait FromCells: Key {
    fn from_cells(cells: &[Cell]) -> Self;
}

fn cell<T: FromStr>(cells: &[Cell], place: usize) -> T {
    parsed(cells[place].as_deref().unwrap())
}

macro_rules! from_cells {
    ($($base:ty),*) => {
        $(impl FromCells for $base {
            fn from_cells(cells: &[Cell]) -> Self {
                cell(cells, 0)
            }
        })*
    };
}
from_cells!(String, i32, i64);

impl<A: FromStr, B: FromStr> FromCells for (A, B)
where
    (A, B): Key,
{
    fn from_cells(cells: &[Cell]) -> Self {
        (cell(cells, 0), cell(cells, 1))
    }
}

impl<A: FromStr, B: FromStr, C: FromStr> FromCells for (A, B, C)
where
    (A, B, C): Key,
{
    fn from_cells(cells: &[Cell]) -> Self {
        (cell(cells, 0), cell(cells, 1), cell(cells, 2))
    }
}

/// A model, without its type.
pub trait AnyTable: Send + Sync {
    fn meta(&self) -> &'static TableMeta;
    /// Reads all rows, in the order of any column; each with its columns.
    fn load<'a>(&'a self, session: &'a mut Session, place: usize, descends: bool) -> Pending<'a, Loaded>;
    /// Reads the row with a key.
    fn find<'a>(
        &'a self,
        session: &'a mut Session,
        key: &'a [Cell],
    ) -> Pending<'a, Result<Option<AnyHandle>, Error>>;
    fn add(&self, session: &mut Session, given: &mut Giver<'_>) -> AnyHandle;
    /// Makes the new row anew.
    fn amend(&self, session: &mut Session, handle: &AnyHandle, given: &mut Giver<'_>);
    fn change(&self, session: &mut Session, handle: &AnyHandle, place: usize, value: &dyn Value);
    fn delete(&self, session: &mut Session, handle: &AnyHandle) -> Result<(), Error>;
    fn contains(&self, session: &Session, handle: &AnyHandle) -> bool;
    /// The columns of the object.
    fn read(&self, session: &Session, handle: &AnyHandle) -> Result<Vec<Cell>, Error>;
}

/// The table of a model.
pub struct TableOf<M>(PhantomData<fn() -> M>);

impl<M> TableOf<M> {
    pub const TABLE: TableOf<M> = TableOf(PhantomData);
}

fn of<M: Model>(handle: &AnyHandle) -> Handle<M> {
    *handle.downcast_ref().unwrap()
}

fn cells(object: &impl Model, columns: usize) -> Vec<Cell> {
    (0..columns).map(|place| written(object.value_at(place))).collect()
}

impl<M> AnyTable for TableOf<M>
where
    M: Model<Kind = Entity, New: Make, Key: FromCells, Table: Selectable<Row = M>>,
{
    fn meta(&self) -> &'static TableMeta {
        M::META
    }

    fn load<'a>(&'a self, session: &'a mut Session, place: usize, descends: bool) -> Pending<'a, Loaded> {
        Box::pin(async move {
            // The type matters to comparisons only.
            let column = |place: usize| Column::<M, String>::new(&M::META.columns[place]);
            let first = if descends { column(place).desc() } else { column(place).asc() };
            let mut rows = select(M::TABLE).order_by(first);
            for &place in M::META.primary_key {
                rows = rows.order_by(column(place));
            }
            let handles = session.all(rows).await?;
            let found = handles.into_iter().map(|handle| {
                let cells = cells(&session[handle], M::META.columns.len());
                (cells, Arc::new(handle) as AnyHandle)
            });
            Ok(found.collect())
        })
    }

    fn find<'a>(
        &'a self,
        session: &'a mut Session,
        key: &'a [Cell],
    ) -> Pending<'a, Result<Option<AnyHandle>, Error>> {
        Box::pin(async move {
            let found = session.find::<M>(M::Key::from_cells(key)).await?;
            Ok(found.map(|handle| Arc::new(handle) as AnyHandle))
        })
    }

    fn add(&self, session: &mut Session, given: &mut Giver<'_>) -> AnyHandle {
        Arc::new(session.add(M::New::make(given)))
    }

    fn amend(&self, session: &mut Session, handle: &AnyHandle, given: &mut Giver<'_>) {
        *session.pending_mut(of::<M>(handle)).unwrap() = M::New::make(given);
    }

    fn change(&self, session: &mut Session, handle: &AnyHandle, place: usize, value: &dyn Value) {
        assert!(session[of::<M>(handle)].value_at_mut(place).assign(value), "{value:?} is of another type");
    }

    fn delete(&self, session: &mut Session, handle: &AnyHandle) -> Result<(), Error> {
        session.delete(of::<M>(handle))
    }

    fn contains(&self, session: &Session, handle: &AnyHandle) -> bool {
        session.contains(of::<M>(handle))
    }

    fn read(&self, session: &Session, handle: &AnyHandle) -> Result<Vec<Cell>, Error> {
        Ok(cells(session.get(of::<M>(handle))?, M::META.columns.len()))
    }
}

/// A value as PostgreSQL writes it.
fn written(value: &dyn Value) -> Cell {
    let base = value.base()?;
    let mut text = String::new();
    if let Some(base) = base.downcast_ref::<String>() {
        text.push_str(base);
    } else if let Some(base) = base.downcast_ref::<i64>() {
        write!(text, "{base}").unwrap();
    } else if let Some(base) = base.downcast_ref::<i32>() {
        write!(text, "{base}").unwrap();
    } else if let Some(base) = base.downcast_ref::<bool>() {
        write!(text, "{base}").unwrap();
    } else if let Some(base) = base.downcast_ref::<orm_core::types::Xmin>() {
        write!(text, "{}", base.0).unwrap();
    } else {
        panic!("no text for {value:?}");
    }
    Some(text)
}

/// A value of a column's type.
pub fn value_of(column: &ColumnMeta, cell: &Cell) -> Box<dyn Value> {
    let cell = cell.as_deref();
    match column.ty.name {
        "text" => Box::new(cell.map(str::to_owned)),
        "bigint" => Box::new(cell.map(parsed::<i64>)),
        "integer" => Box::new(cell.map(parsed::<i32>)),
        "boolean" => Box::new(cell.map(parsed::<bool>)),
        other => panic!("no values of type {other}"),
    }
}
