//! Rows of a model between two others, made of the two rows that they link.

use crate::model::{Handle, Model, Pending, Ref};
use crate::schema::{TableMeta, Target};

/// A model whose rows can be made of the rows that its foreign keys point at: all its other columns have a default, or may be
/// NULL. Written by `#[derive(Model)]` for models with two foreign keys or more.
#[diagnostic::on_unimplemented(
    message = "a row of `{Self}` cannot be made of the two rows that it links",
    label = "`{Self}` has a column besides its foreign keys that must be given",
    note = "give that column a `default`, or make it an `Option`; else add the row itself: `session.add(New{Self} {{ .. }})`"
)]
pub trait LinkModel: Model {
    /// The new row; `None` if a foreign key to a third row must be given.
    #[doc(hidden)]
    fn linking(rows: &Linked) -> Option<Self::New>;
}

/// The two rows that a new one links, each with the columns that point at it.
#[doc(hidden)]
#[derive(Clone, Copy, Debug)]
pub struct Linked {
    pub(crate) near: (Target, Pending),
    pub(crate) far: (Target, Pending),
}

impl Linked {
    /// The row of a table that a column is to point at.
    fn at(&self, place: usize, table: &'static TableMeta) -> Option<Pending> {
        let points =
            |(columns, row): &&(Target, Pending)| columns.places.contains(&place) && row.table == table;
        [&self.near, &self.far].into_iter().find(points).map(|(_, row)| *row)
    }
}

/// A foreign key of a new row, which may be optional.
#[diagnostic::on_unimplemented(
    message = "`{Self}` is no foreign key of a row between two others",
    label = "expected a reference to one of the rows that are linked"
)]
pub trait LinkReference: Sized {
    /// The reference to one of the rows that are linked; `None` if the column points at neither and has to be given.
    fn linked(rows: &Linked, place: usize) -> Option<Self>;
}

impl<M: Model, K> LinkReference for Ref<M, K> {
    fn linked(rows: &Linked, place: usize) -> Option<Self> {
        let row = rows.at(place, M::META)?;
        Some(Ref::Object(Handle::new(row.session, row.slot)))
    }
}

impl<R: LinkReference> LinkReference for Option<R> {
    fn linked(rows: &Linked, place: usize) -> Option<Self> {
        Some(R::linked(rows, place))
    }
}
