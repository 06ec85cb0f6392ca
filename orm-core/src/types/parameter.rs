//! A parameter of a statement: a shared value with the type it is sent as.

use std::any::Any;
use std::fmt;
use std::sync::Arc;

use bytes::BytesMut;
use tokio_postgres::types::{IsNull, ToSql, Type};

use super::{Cause, PgType, SqlType, Value};

/// A value that goes to the server beside the text of a statement, never inside it.
#[derive(Clone)]
pub struct Parameter {
    content: Content,
    ty: &'static PgType,
}

#[derive(Clone)]
enum Content {
    Value(Arc<dyn Value>, Shown),
    Array(Arc<dyn Array>, Shown),
    Null,
}

/// Whether a value may be shown.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Shown {
    Yes,
    Never,
}

/// An array parameter, whatever its elements are.
pub(super) trait Array: Send + Sync {
    fn write(&self, out: &mut BytesMut) -> Result<(), Cause>;
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result;
    fn is_empty(&self) -> bool;
    fn size(&self) -> usize;
    fn contains(&self, value: &dyn Value) -> Option<bool>;
    fn as_any(&self) -> &dyn Any;
    /// Whether sending the one instead of the other makes no difference.
    fn same(&self, other: &dyn Array) -> bool;
}

impl Parameter {
    /// A parameter that holds one value.
    ///
    /// ```
    /// use orm_core::types::Parameter;
    /// let parameter = Parameter::new("Ann".to_owned());
    /// ```
    pub fn new<T: SqlType>(value: T) -> Parameter {
        let ty = value.pg_type();
        Parameter { content: Content::Value(Arc::new(value), Shown::Yes), ty }
    }

    pub(crate) fn null(ty: &'static PgType) -> Parameter {
        Parameter { content: Content::Null, ty }
    }

    pub(crate) fn shared(value: Arc<dyn Value>) -> Parameter {
        let ty = value.pg_type();
        Parameter { content: Content::Value(value, Shown::Yes), ty }
    }

    pub(super) fn array(array: Arc<dyn Array>, ty: &'static PgType) -> Parameter {
        Parameter { content: Content::Array(array, Shown::Yes), ty }
    }

    /// Lets no text show the value.
    pub(crate) fn hide(&mut self) {
        if let Content::Value(_, shown) | Content::Array(_, shown) = &mut self.content {
            *shown = Shown::Never;
        }
    }

    /// The PostgreSQL type of the value, or of an array's elements.
    ///
    /// ```
    /// use orm_core::types::Parameter;
    /// assert_eq!(Parameter::new(1_i64).pg_type().name, "bigint");
    /// ```
    pub fn pg_type(&self) -> &'static PgType {
        self.ty
    }

    pub(crate) fn is_array(&self) -> bool {
        matches!(self.content, Content::Array(..))
    }

    /// Whether both are the same value of the same type; arrays, element by element.
    pub(crate) fn is_same(&self, other: &Parameter) -> bool {
        self.ty.name == other.ty.name
            && match (&self.content, &other.content) {
                (Content::Value(a, _), Content::Value(b, _)) => a.same(&**b),
                (Content::Array(a, _), Content::Array(b, _)) => a.same(&**b),
                (Content::Null, Content::Null) => true,
                _ => false,
            }
    }

    /// Whether both hold one value in memory, and not only equal ones.
    pub(crate) fn is(&self, other: &Parameter) -> bool {
        match (&self.content, &other.content) {
            (Content::Value(a, _), Content::Value(b, _)) => std::ptr::addr_eq(Arc::as_ptr(a), Arc::as_ptr(b)),
            (Content::Array(a, _), Content::Array(b, _)) => std::ptr::addr_eq(Arc::as_ptr(a), Arc::as_ptr(b)),
            (Content::Null, Content::Null) => std::ptr::eq(self.ty, other.ty),
            _ => false,
        }
    }

    pub(crate) fn is_null(&self) -> bool {
        match &self.content {
            Content::Value(value, _) => value.is_null(),
            Content::Array(..) => false,
            Content::Null => true,
        }
    }

    /// The single value; `None` for an array.
    pub(crate) fn value(&self) -> Option<&Arc<dyn Value>> {
        match &self.content {
            Content::Value(value, _) => Some(value),
            Content::Array(..) | Content::Null => None,
        }
    }

    /// Whether it is an array without elements.
    pub(crate) fn is_empty(&self) -> bool {
        matches!(&self.content, Content::Array(array, _) if array.is_empty())
    }

    /// About how many bytes it is sent as.
    pub(crate) fn size(&self) -> usize {
        match &self.content {
            Content::Value(value, _) => value.size(),
            Content::Array(array, _) => array.size(),
            Content::Null => 0,
        }
    }

    /// Whether an array has an element PostgreSQL calls equal; `None` where only the server can tell.
    pub(crate) fn contains(&self, value: &dyn Value) -> Option<bool> {
        match &self.content {
            Content::Array(array, _) => array.contains(value),
            Content::Value(..) | Content::Null => None,
        }
    }

    pub(crate) fn wire(&self) -> &'static Type {
        &self.sent_type().wire
    }

    /// The type it is sent as a whole: for a list, the array.
    pub(crate) fn sent_type(&self) -> &'static PgType {
        match self.ty.array {
            Some(array) if self.is_array() => array,
            _ => self.ty,
        }
    }
}

impl fmt::Debug for Parameter {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match &self.content {
            Content::Null => f.write_str("NULL"),
            Content::Value(_, Shown::Never) | Content::Array(_, Shown::Never) => f.write_str(".."),
            Content::Value(value, Shown::Yes) => value.show(f),
            Content::Array(array, Shown::Yes) => array.fmt(f),
        }
    }
}

/// A value that names a row, as a message shows it: integers and UUIDs, which say nothing of what they name, and no other.
pub(crate) fn shown_in_name(value: &dyn Value) -> String {
    match () {
        () if value.is_null() => "NULL".to_owned(),
        () if can_name(value.pg_type()) => format!("{:?}", Parameter::shared(value.share())),
        () => "..".to_owned(),
    }
}

/// Whether values of a type name rows and say nothing of what they name.
pub(crate) fn can_name(ty: &PgType) -> bool {
    matches!(ty.name, "smallint" | "integer" | "bigint" | "uuid")
}

impl ToSql for Parameter {
    fn to_sql(&self, _: &Type, out: &mut BytesMut) -> Result<IsNull, Cause> {
        match &self.content {
            Content::Null => Ok(IsNull::Yes),
            Content::Value(value, _) if value.is_null() => Ok(IsNull::Yes),
            Content::Value(value, _) => value.write(out).map(|()| IsNull::No),
            Content::Array(array, _) => array.write(out).map(|()| IsNull::No),
        }
    }

    fn accepts(_: &Type) -> bool {
        true
    }

    fn to_sql_checked(&self, ty: &Type, out: &mut BytesMut) -> Result<IsNull, Cause> {
        self.to_sql(ty, out)
    }
}
