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
                pub fn $name(&self, other: impl Operand<$other, Type: SqlType<Base = $other>>) -> Expr<T>
                where
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
            bit_and BitAnd T::Base,
            /// The bits that at least one has.
            bit_or BitOr T::Base,
            /// The bits that just one has.
            bit_xor BitXor T::Base,
            /// The bits so many places further left.
            shift_left ShiftLeft i32,
            /// The bits so many places further right; the sign stays.
            shift_right ShiftRight i32,
        );
    };
}
bits!([M,] Column<M, T>);
bits!([] Expr<T>);
