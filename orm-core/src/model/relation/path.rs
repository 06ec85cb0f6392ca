//! The columns a relation goes by.

use std::fmt;

use crate::schema::{ColumnMeta, ForeignKey, Target};

/// The columns a relation goes by, from the table it starts at to the one it leads to.
#[derive(Clone, Copy)]
pub struct Path {
    /// The columns of the table it starts from.
    pub(crate) start: Target,
    /// Those of a table between: the ones that equal `start`, and the ones that equal `end`.
    pub(crate) through: Option<(Target, Target)>,
    /// The columns of the table it leads to.
    pub(crate) end: Target,
    /// Whether it leads from the rows that a foreign key points at to those that have it.
    pub(crate) leads_to_children: bool,
    /// A column of the foreign key that it is named by.
    pub(crate) named_by: &'static ColumnMeta,
}

/// The foreign key that a column belongs to.
fn key_of(column: &'static ColumnMeta) -> &'static ForeignKey {
    let key = column.foreign_key.and_then(|number| column.table.foreign_keys.get(number));
    key.expect("the derive has checked that a relation goes by foreign keys")
}

impl Path {
    /// From the rows that a foreign key points at to those that have it.
    pub(crate) fn to_children(column: &'static ColumnMeta) -> Path {
        let Path { start, end, .. } = Path::to_target(column, key_of(column));
        Path { start: end, through: None, end: start, leads_to_children: true, named_by: column }
    }

    /// From the rows that have a foreign key to those it points at; `column` is one of its.
    pub(crate) fn to_target(column: &'static ColumnMeta, key: &'static ForeignKey) -> Path {
        let start = Target { table: column.table, places: key.columns };
        Path { start, through: None, end: (key.target)(), leads_to_children: false, named_by: column }
    }

    /// From the rows that one foreign key of a table points at to those that another one does; each with a column of it.
    pub(crate) fn through(
        (near, near_key): (&'static ColumnMeta, usize),
        (far, far_key): (&'static ColumnMeta, usize),
    ) -> Path {
        let (near_key, far_key) = (&near.table.foreign_keys[near_key], &far.table.foreign_keys[far_key]);
        let of = |key: &'static ForeignKey| Target { table: near.table, places: key.columns };
        Path {
            start: (near_key.target)(),
            through: Some((of(near_key), of(far_key))),
            end: (far_key.target)(),
            leads_to_children: false,
            named_by: near,
        }
    }
}

impl fmt::Debug for Path {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "relation by {:?}", self.named_by)
    }
}
