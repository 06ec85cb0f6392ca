//! Rows of values, and what a session gives for each.

use super::{Kind, Model, Tracker};
use tokio_postgres::types::Type;

use crate::schema::ColumnMeta;
use crate::types::each_base_type;

/// What is a row: what a derive makes one, and what is made of rows.
#[doc(hidden)]
#[diagnostic::on_unimplemented(
    message = "`Row` is implemented by no program itself",
    label = "write `#[derive(Row)]` on `{Self}`, or `#[derive(Model)]`"
)]
pub trait SealedRow {}

#[diagnostic::do_not_recommend]
impl<M: Model> SealedRow for M {}
#[diagnostic::do_not_recommend]
impl<T: Row> SealedRow for Option<T> {}
#[diagnostic::do_not_recommend]
impl<T: Row> SealedRow for Vec<T> {}

/// A row of values as a statement gives it: a value, a model, an `Option` or a `Vec` of one, or a tuple of up to 16.
///
/// In a session each model among them comes back as a tracked [`Handle`](super::Handle); that of a view as it is.
#[diagnostic::on_unimplemented(
    message = "`{Self}` cannot be a result row",
    label = "expected column types, models, `Option` or `Vec` of them, or a tuple of up to 16"
)]
pub trait Row: SealedRow + Sized + Send + 'static {
    /// What a session gives for it: `Handle<User>` for `User`, a value for itself.
    type Tracked: Send;

    /// Gives the models in the row to a session.
    fn track<K: Tracker>(self, tracker: &mut K) -> Self::Tracked;

    /// Whether the row is a model that has this column, which is a `bigint`.
    #[doc(hidden)]
    fn has_bigint(_column: &'static ColumnMeta) -> bool {
        false
    }

    /// The value of a column that is a `bigint`, if the row is a model that has it.
    #[doc(hidden)]
    #[inline]
    fn bigint(&self, _column: &'static ColumnMeta) -> Option<i64> {
        None
    }
}

#[diagnostic::do_not_recommend]
impl<M: Model> Row for M {
    type Tracked = <M::Kind as Kind>::Tracked<M>;

    fn track<K: Tracker>(self, tracker: &mut K) -> Self::Tracked {
        M::Kind::track(self, tracker)
    }

    fn has_bigint(column: &'static ColumnMeta) -> bool {
        std::ptr::eq(column.table, M::META) && column.ty.wire == Type::INT8
    }

    #[inline]
    fn bigint(&self, column: &'static ColumnMeta) -> Option<i64> {
        if !std::ptr::eq(column.table, M::META) {
            return None;
        }
        self.value_at(column.place).base()?.downcast_ref().copied()
    }
}

/// Makes a type a row that a session gives as it is.
#[doc(hidden)]
#[macro_export]
macro_rules! __plain_row {
    ($ty:ty) => {
        #[diagnostic::do_not_recommend]
        impl $crate::model::SealedRow for $ty {}

        #[diagnostic::do_not_recommend]
        impl $crate::model::Row for $ty {
            type Tracked = Self;

            #[inline]
            fn track<K: $crate::model::Tracker>(self, _: &mut K) -> Self {
                self
            }
        }
    };
}
each_base_type!(crate::__plain_row);

#[cfg(feature = "serde_json")]
#[diagnostic::do_not_recommend]
impl<T: crate::types::JsonContent> SealedRow for crate::types::Json<T> {}

#[cfg(feature = "serde_json")]
#[diagnostic::do_not_recommend]
impl<T: crate::types::JsonContent> Row for crate::types::Json<T> {
    type Tracked = Self;

    fn track<K: Tracker>(self, _: &mut K) -> Self {
        self
    }
}

#[diagnostic::do_not_recommend]
impl<T: crate::types::RangeElement> SealedRow for crate::types::Range<T> {}

#[diagnostic::do_not_recommend]
impl<T: crate::types::RangeElement> Row for crate::types::Range<T> {
    type Tracked = Self;

    fn track<K: Tracker>(self, _: &mut K) -> Self {
        self
    }
}

#[diagnostic::do_not_recommend]
impl<T: crate::types::Element> SealedRow for crate::types::Array<T> {}

#[diagnostic::do_not_recommend]
impl<T: crate::types::Element> Row for crate::types::Array<T> {
    type Tracked = Self;

    fn track<K: Tracker>(self, _: &mut K) -> Self {
        self
    }
}

#[diagnostic::do_not_recommend]
impl<T: crate::types::RangeElement> SealedRow for crate::types::Multirange<T> {}

#[diagnostic::do_not_recommend]
impl<T: crate::types::RangeElement> Row for crate::types::Multirange<T> {
    type Tracked = Self;

    fn track<K: Tracker>(self, _: &mut K) -> Self {
        self
    }
}

// `Vec<u8>` is a value: a list of rows is a `Vec` of anything that is a row by itself, and `u8` is none.
#[diagnostic::do_not_recommend]
impl<T: Row> Row for Option<T> {
    type Tracked = Option<T::Tracked>;

    fn track<K: Tracker>(self, tracker: &mut K) -> Self::Tracked {
        self.map(|row| row.track(tracker))
    }
}

#[diagnostic::do_not_recommend]
impl<T: Row> Row for Vec<T> {
    type Tracked = Vec<T::Tracked>;

    fn track<K: Tracker>(self, tracker: &mut K) -> Self::Tracked {
        self.into_iter().map(|row| row.track(tracker)).collect()
    }
}

/// A row whose first part is a model: what relations can be attached to.
#[diagnostic::on_unimplemented(
    message = "`{Self}` does not start with a model, so it has no relations",
    label = "select a model first: `select(User).with(User.posts)`"
)]
pub trait Lead: Row {
    /// The model it starts with.
    type Model: Model;

    /// The model it starts with.
    fn lead(&self) -> &Self::Model;
}

#[diagnostic::do_not_recommend]
impl<M: Model> Lead for M {
    type Model = M;

    fn lead(&self) -> &M {
        self
    }
}

/// A row that can grow by a part at its end.
#[diagnostic::on_unimplemented(
    message = "`{Self}` cannot grow by another part",
    label = "a row has at most 16 parts"
)]
pub trait Append<X> {
    /// The longer row.
    type Output;

    /// The row with `part` at its end.
    fn append(self, part: X) -> Self::Output;
}

impl<M: Model, X> Append<X> for M {
    type Output = (M, X);

    fn append(self, part: X) -> (M, X) {
        (self, part)
    }
}

macro_rules! tuple {
    ($($part:ident $place:tt),*) => {
        #[diagnostic::do_not_recommend]
        impl<$($part: Row),*> SealedRow for ($($part,)*) {}

        impl<$($part: Row),*> Row for ($($part,)*) {
            type Tracked = ($($part::Tracked,)*);

            fn track<K: Tracker>(self, tracker: &mut K) -> Self::Tracked {
                ($(self.$place.track(tracker),)*)
            }
        }

        #[diagnostic::do_not_recommend]
        impl<$($part: Row),*> Lead for ($($part,)*)
        where
            A: Lead,
        {
            type Model = A::Model;

            fn lead(&self) -> &A::Model {
                self.0.lead()
            }
        }
    };
}

macro_rules! append {
    ($($part:ident $place:tt),*) => {
        impl<$($part,)* X> Append<X> for ($($part,)*) {
            type Output = ($($part,)* X,);

            fn append(self, part: X) -> Self::Output {
                ($(self.$place,)* part,)
            }
        }
    };
}

/// Calls a macro for each tuple of 1 to 15 parts.
macro_rules! each_tuple {
    ($callback:ident) => {
        $callback!(A 0);
        $callback!(A 0, B 1);
        $callback!(A 0, B 1, C 2);
        $callback!(A 0, B 1, C 2, D 3);
        $callback!(A 0, B 1, C 2, D 3, E 4);
        $callback!(A 0, B 1, C 2, D 3, E 4, F 5);
        $callback!(A 0, B 1, C 2, D 3, E 4, F 5, G 6);
        $callback!(A 0, B 1, C 2, D 3, E 4, F 5, G 6, H 7);
        $callback!(A 0, B 1, C 2, D 3, E 4, F 5, G 6, H 7, I 8);
        $callback!(A 0, B 1, C 2, D 3, E 4, F 5, G 6, H 7, I 8, J 9);
        $callback!(A 0, B 1, C 2, D 3, E 4, F 5, G 6, H 7, I 8, J 9, L 10);
        $callback!(A 0, B 1, C 2, D 3, E 4, F 5, G 6, H 7, I 8, J 9, L 10, M 11);
        $callback!(A 0, B 1, C 2, D 3, E 4, F 5, G 6, H 7, I 8, J 9, L 10, M 11, N 12);
        $callback!(A 0, B 1, C 2, D 3, E 4, F 5, G 6, H 7, I 8, J 9, L 10, M 11, N 12, O 13);
        $callback!(A 0, B 1, C 2, D 3, E 4, F 5, G 6, H 7, I 8, J 9, L 10, M 11, N 12, O 13, P 14);
    };
}
pub(crate) use each_tuple;

each_tuple!(tuple);
tuple!(A 0, B 1, C 2, D 3, E 4, F 5, G 6, H 7, I 8, J 9, L 10, M 11, N 12, O 13, P 14, Q 15);
each_tuple!(append);
