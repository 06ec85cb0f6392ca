//! The data of tables.

use crate::schema::{
    Check, ColumnMeta, Filter, ForeignKey, Index, Policy, RowSecurity, SoftDelete, TableKind, TableMeta,
    Unique, VersionMeta,
};

/// A table's data; the methods below add what few tables have.
pub const fn table(
    entity: &'static str,
    name: &'static str,
    columns: &'static [ColumnMeta],
    primary_key: &'static [usize],
) -> TableMeta {
    TableMeta { entity, name, columns, primary_key, ..TableMeta::EMPTY }
}

macro_rules! parts {
    ($($name:ident: $ty:ty),* $(,)?) => {
        #[doc(hidden)]
        impl TableMeta {
            $(pub const fn $name(mut self, $name: $ty) -> Self {
                self.$name = $name;
                self
            })*
        }
    };
}
parts! {
    kind: TableKind,
    schema: Option<&'static str>,
    comment: &'static str,
    version: Option<VersionMeta>,
    foreign_keys: &'static [ForeignKey],
    uniques: &'static [Unique],
    checks: &'static [Check],
    indexes: &'static [Index],
    row_security: RowSecurity,
    policies: &'static [Policy],
    filters: &'static [Filter],
    soft_delete: Option<SoftDelete>,
}
