//! The bits of integers.

use super::condition::join;
use super::expression::node_of;
use super::{Column, Expr, Operand};
use crate::query::ast::Binary;
use crate::types::{Integer, SqlType};

macro_rules! bits {
    ([$($generic:tt)*] $ty:ty: $($(#[$doc:meta])* $name:ident $operator:ident $other:ty),* $(,)?) => {
        impl<$($generic)* T: SqlType> $ty {
            $(
                $(#[$doc])*
                pub fn $name<O>(&self, other: O) -> Expr<<O::Type as SqlType>::With<T>>
                where
                    O: Operand<$other, Type: SqlType<Base = $other>>,
                    T::Base: Integer,
                {
                    Expr::new(join(Binary::$operator, node_of(self), other.operand().node))
                }
            )*
        }
    };
    ([$($generic:tt)*] $ty:ty) => {
        bits!([$($generic)*] $ty:
            /// The bits that both have.
            ///
            /// ```
            /// # use orm_core::prelude::*;
            /// # use orm_tests::models::*;
            /// let odd = select(Event).filter(Event.seats.bit_and(1).eq(1));
            /// ```
            bit_and BitAnd T::Base,
            /// The bits that at least one has.
            ///
            /// ```
            /// # use orm_core::prelude::*;
            /// # use orm_tests::models::*;
            /// let with_flag = select(Event.seats.bit_or(4));
            /// ```
            bit_or BitOr T::Base,
            /// The bits that just one has.
            ///
            /// ```
            /// # use orm_core::prelude::*;
            /// # use orm_tests::models::*;
            /// let toggled = select(Event.seats.bit_xor(4));
            /// ```
            bit_xor BitXor T::Base,
            /// The bits so many places further left.
            ///
            /// ```
            /// # use orm_core::prelude::*;
            /// # use orm_tests::models::*;
            /// let four_times = select(Event.seats.shift_left(2));
            /// ```
            shift_left ShiftLeft i32,
            /// The bits so many places further right; the sign stays.
            ///
            /// ```
            /// # use orm_core::prelude::*;
            /// # use orm_tests::models::*;
            /// let quarters = select(Event.seats.shift_right(2));
            /// ```
            shift_right ShiftRight i32,
        );
    };
}
bits!([M,] Column<M, T>);
bits!([] Expr<T>);
