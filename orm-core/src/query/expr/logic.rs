//! The methods of what is true, false or unknown: bool columns and expressions.

use std::ops::{BitAnd, BitOr, Not};

use super::expression::node_of;
use super::{Column, Cond, Expr, IntoCond};
use crate::query::ast::Node;
use crate::types::SqlType;

macro_rules! logic {
    ([$($generic:tt)*] $ty:ty) => {
        impl<$($generic)* T: SqlType<Base = bool>> $ty {
            /// Both conditions.
            ///
            /// ```
            /// # use orm_core::prelude::*;
            /// # use orm_tests::models::*;
            /// let events = select(Event).filter(Event.is_public.and(Event.seats.gt(100))); // as `&`
            /// ```
            pub fn and(self, other: impl IntoCond) -> Cond {
                Cond(node_of(self)).and(other)
            }

            /// At least one of the conditions.
            ///
            /// ```
            /// # use orm_core::prelude::*;
            /// # use orm_tests::models::*;
            /// let events = select(Event).filter(Event.is_public.or(Event.seats.gt(100))); // as `|`
            /// ```
            pub fn or(self, other: impl IntoCond) -> Cond {
                Cond(node_of(self)).or(other)
            }

            /// The opposite, as `!` in front of it; unknown stays unknown.
            ///
            /// ```
            /// # use orm_core::prelude::*;
            /// # use orm_tests::models::*;
            /// let private = select(Event).filter(Event.is_public.not());
            /// ```
            pub fn not(&self) -> Cond {
                Cond(Node::Not(Box::new(node_of(self))))
            }

            /// Whether it is true, as a value that is never NULL: false where it is unknown.
            ///
            /// ```
            /// # use orm_core::prelude::*;
            /// # use orm_tests::models::*;
            /// let rows = select((Event.title, Event.is_public.is_true()));
            /// ```
            pub fn is_true(&self) -> Expr<bool> {
                Expr::new(Node::IsTrue(Box::new(node_of(self))))
            }

            /// Whether it is false or unknown, as a value that is never NULL.
            ///
            /// ```
            /// # use orm_core::prelude::*;
            /// # use orm_tests::models::*;
            /// let rows = select((Event.title, Event.is_public.is_not_true()));
            /// ```
            pub fn is_not_true(&self) -> Expr<bool> {
                Expr::new(Node::Not(Box::new(self.is_true().node)))
            }
        }

        impl<$($generic)* T: SqlType<Base = bool>> Not for $ty {
            type Output = Cond;

            fn not(self) -> Cond {
                !Cond(node_of(self))
            }
        }

        impl<$($generic)* T: SqlType<Base = bool>, C: IntoCond> BitAnd<C> for $ty {
            type Output = Cond;

            fn bitand(self, other: C) -> Cond {
                Cond(node_of(self)).and(other)
            }
        }

        impl<$($generic)* T: SqlType<Base = bool>, C: IntoCond> BitOr<C> for $ty {
            type Output = Cond;

            fn bitor(self, other: C) -> Cond {
                Cond(node_of(self)).or(other)
            }
        }
    };
}
logic!([M,] Column<M, T>);
logic!([] Expr<T>);
