//! The data of columns.

use std::sync::Arc;

use super::ColumnKind;
use crate::schema::{ColumnDefault, ColumnMeta, Generated, TableMeta};
use crate::types::Value;

/// A column's data; the methods below add what few columns have.
pub const fn column(
    table: &'static TableMeta,
    place: usize,
    field: &'static str,
    name: &'static str,
    kind: ColumnKind,
) -> ColumnMeta {
    ColumnMeta {
        table,
        place,
        field,
        name,
        comment: "",
        ty: kind.ty,
        domain: kind.domain,
        nullable: kind.nullable,
        canonical: kind.canonical,
        unique: false,
        default: ColumnDefault::None,
        client_default: None,
        on_update: None,
        secret: false,
        foreign_key: None,
    }
}

#[doc(hidden)]
impl ColumnMeta {
    pub const fn comment(mut self, comment: &'static str) -> Self {
        self.comment = comment;
        self
    }

    pub const fn unique(mut self) -> Self {
        self.unique = true;
        self
    }

    pub const fn default(mut self, default: ColumnDefault) -> Self {
        self.default = default;
        self
    }

    pub const fn always(self) -> Self {
        self.default(ColumnDefault::Identity(Generated::Always))
    }

    pub const fn client_default(mut self, make: fn() -> Arc<dyn Value>) -> Self {
        self.client_default = Some(make);
        self
    }

    pub const fn on_update(mut self, sql: &'static str) -> Self {
        self.on_update = Some(sql);
        self
    }

    pub const fn secret(mut self) -> Self {
        self.secret = true;
        self
    }

    pub const fn foreign_key(mut self, place: usize) -> Self {
        self.foreign_key = Some(place);
        self
    }
}

/// A column that the database numbers.
///
/// # Panics
/// If it is no integer; at compile time.
#[track_caller]
pub const fn identity(column: ColumnMeta) -> ColumnMeta {
    assert!(
        column.domain.is_none(),
        "PostgreSQL numbers no columns of a domain: leave out `generated`, or the domain of the type"
    );
    assert!(
        matches!(column.ty.name.as_bytes(), b"smallint" | b"integer" | b"bigint"),
        "a `generated` column is an integer: make this `i64`, or give it a `default` instead"
    );
    column.default(ColumnDefault::Identity(Generated::ByDefault))
}
