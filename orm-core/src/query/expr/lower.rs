//! `lower` and `upper`: SQL has both of text and of ranges.

use super::expression::node_of;
use super::{Column, Expr};
use crate::query::ast::{Name, NullRule, Role};
use crate::types::{LowerUpper, SqlType};

fn call<T: SqlType>(name: &'static str, expression: Expr<T>) -> Expr<<T::Base as LowerUpper>::Type<T>>
where
    T::Base: LowerUpper,
{
    let null = if T::Base::IS_RANGE { NullRule::Possible } else { NullRule::Strict };
    Expr::new(super::function::node(Name::Known(name), vec![node_of(expression)], Role::Scalar, null))
}

macro_rules! lower_upper {
    ([$($generic:tt)*] $ty:ty) => {
        impl<$($generic)* T: SqlType> $ty {
            /// The text in small letters, as [`func::lower`](crate::query::func::lower); of a range its lower bound, `None` where
            /// there is none.
            ///
            /// ```
            /// # use orm_core::prelude::*;
            /// # use orm_tests::models::*;
            /// let ann = select(User).filter(User.name.lower().eq("ann"));
            /// let openings = select(Event.open.lower());
            /// ```
            pub fn lower(&self) -> Expr<<T::Base as LowerUpper>::Type<T>>
            where
                T::Base: LowerUpper,
            {
                call("lower", super::Scalar::into_expr(self))
            }

            /// The text in capital letters, as [`func::upper`](crate::query::func::upper); of a range its upper bound, `None`
            /// where there is none.
            ///
            /// ```
            /// # use orm_core::prelude::*;
            /// # use orm_tests::models::*;
            /// let ann = select(User).filter(User.name.upper().eq("ANN"));
            /// let closings = select(Event.open.upper());
            /// ```
            pub fn upper(&self) -> Expr<<T::Base as LowerUpper>::Type<T>>
            where
                T::Base: LowerUpper,
            {
                call("upper", super::Scalar::into_expr(self))
            }
        }
    };
}
lower_upper!([M,] Column<M, T>);
lower_upper!([] Expr<T>);
