//! What a row that is not in the database yet says of its columns.

use std::convert::Infallible;
use std::marker::PhantomData;

use super::{Model, Ref};
use crate::schema::TableMeta;
use crate::types::{BaseType, SqlType, Value};

/// A struct a new row is made of, such as `NewUser`; written by `#[derive(Model)]`.
#[diagnostic::on_unimplemented(
    message = "`{Self}` is not a new row",
    label = "expected a struct such as `NewUser`, which `#[derive(Model)]` writes beside `User`"
)]
pub trait NewModel: Clone + Send + Sync + 'static {
    /// The model whose row it becomes.
    type Model: Model<New = Self>;

    /// What it says of a column, by the column's place in the table.
    fn value(&self, place: usize) -> NewValue<'_>;

    /// Makes the values that the program itself makes for columns left out: those with a `client_default`.
    ///
    /// A session calls it when the row is added, a statement when it takes the row.
    fn prepare(&mut self) {}
}

/// What a new row says of one column.
#[derive(Debug)]
pub enum NewValue<'a> {
    /// This value.
    Value(&'a dyn Value),
    /// Nothing: the database makes the value.
    Default,
    /// NULL.
    Null,
    /// The key of an object that may not be in the database yet.
    Pending(Pending),
}

/// An object of a session, without its type.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Pending {
    pub(crate) table: &'static TableMeta,
    pub(crate) session: u32,
    pub(crate) slot: u32,
}

impl<'a, T: SqlType> From<&'a T> for NewValue<'a> {
    fn from(value: &'a T) -> Self {
        NewValue::Value(value)
    }
}

/// A foreign key in a new row, which may be optional.
pub trait ReferenceValue {
    /// What it says of its column.
    fn new_value(&self) -> NewValue<'_>;
}

impl<M: Model, K: BaseType> ReferenceValue for Ref<M, K> {
    fn new_value(&self) -> NewValue<'_> {
        match self {
            Ref::Key(key) => NewValue::Value(key),
            Ref::Object(handle) => {
                NewValue::Pending(Pending { table: M::META, session: handle.session(), slot: handle.slot() })
            }
        }
    }
}

impl<R: ReferenceValue> ReferenceValue for Option<R> {
    fn new_value(&self) -> NewValue<'_> {
        match self {
            Some(reference) => reference.new_value(),
            None => NewValue::Null,
        }
    }
}

/// The new row of a view, of which there is none.
#[derive(Clone, Debug)]
pub struct NoNew<M> {
    none: Infallible,
    model: PhantomData<fn() -> M>,
}

impl<M: Model<New = Self>> NewModel for NoNew<M> {
    type Model = M;

    fn value(&self, _: usize) -> NewValue<'_> {
        match self.none {}
    }
}
