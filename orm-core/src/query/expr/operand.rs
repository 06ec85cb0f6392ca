//! What may stand beside an expression, and what may be stored in a column.

use super::expression::node_of;
use super::{Column, Cond, Expr};
use crate::query::ast::Node;
use crate::types::{BaseType, Parameter, SqlType};

/// What can stand on the right of a comparison with an expression of `B`, or be calculated with it.
#[diagnostic::on_unimplemented(
    message = "`{Self}` cannot be compared or combined with an SQL `{B}`",
    label = "expected `{B}`, `Option<{B}>`, or a column or expression of that type",
    note = "a list is for `in_`; an object is named by its key, as `session[handle].id`"
)]
pub trait Operand<B: BaseType> {
    /// Its type: `B`, or `Option<B>` if it can be NULL.
    type Type: SqlType<Base = B>;

    #[doc(hidden)]
    fn operand(self) -> Expr<Self::Type>;
}

/// The types of a column or expression of `B`: `B` itself, and `Option<B>`.
#[diagnostic::on_unimplemented(
    message = "an SQL `{Self}` cannot be compared or combined with an SQL `{B}`",
    label = "expected a column or expression of `{B}` or `Option<{B}>`",
    note = "`.cast::<i64>()` makes an SQL value one of another type"
)]
pub trait TypeOf<B: BaseType>: SqlType<Base = B> {}
impl<B: BaseType> TypeOf<B> for B {}
impl<B: BaseType> TypeOf<B> for Option<B> {}

/// A value for a list of `in_`.
#[diagnostic::on_unimplemented(
    message = "`{Self}` cannot be in a list of SQL `{B}`",
    label = "expected values of `{B}`"
)]
pub trait IntoValue<B: BaseType> {
    /// The value.
    fn into_value(self) -> B;
}

/// What can be stored in a column of type `T`.
#[diagnostic::on_unimplemented(
    message = "`{Self}` cannot be stored in a column of type `{T}`",
    label = "expected a value or expression of type `{T}`"
)]
pub trait Assign<T: SqlType> {
    #[doc(hidden)]
    fn assigned(self) -> Expr<T>;
}

/// A column type that can hold the values of another: its own, and those that are never NULL.
#[diagnostic::on_unimplemented(
    message = "a column of type `{Self}` cannot hold an expression of `{T}`",
    label = "expected an expression of `{Self}`",
    note = "`func::coalesce(User.age, 0)` has a value for NULL; `.cast::<i64>()` makes an SQL value one of another type"
)]
pub trait Holds<T: SqlType>: SqlType {}

impl<B: BaseType> Holds<B> for B {}
impl<B: BaseType> Holds<B> for Option<B> {}
impl<B: BaseType> Holds<Option<B>> for Option<B> {}

fn value<T: SqlType, U>(value: T) -> Expr<U> {
    Expr::new(Node::Parameter(Parameter::new(value)))
}

impl<B: BaseType> Operand<B> for B {
    type Type = B;

    fn operand(self) -> Expr<B> {
        value(self)
    }
}

impl<B: BaseType> Operand<B> for Option<B> {
    type Type = Option<B>;

    fn operand(self) -> Expr<Option<B>> {
        value(self)
    }
}

impl<B: BaseType> Operand<B> for &B {
    type Type = B;

    fn operand(self) -> Expr<B> {
        value(self.clone())
    }
}

impl<B: BaseType> Operand<B> for &Option<B> {
    type Type = Option<B>;

    fn operand(self) -> Expr<Option<B>> {
        value(self.clone())
    }
}

impl Operand<String> for &str {
    type Type = String;

    fn operand(self) -> Expr<String> {
        value(self.to_owned())
    }
}

impl Operand<bool> for Cond {
    type Type = Option<bool>;

    fn operand(self) -> Expr<Option<bool>> {
        Expr::new(self.0)
    }
}

impl<M, B: BaseType, T: TypeOf<B>> Operand<B> for Column<M, T> {
    type Type = T;

    fn operand(self) -> Expr<T> {
        Expr::new(node_of(self))
    }
}

impl<B: BaseType, T: TypeOf<B>> Operand<B> for Expr<T> {
    type Type = T;

    fn operand(self) -> Expr<T> {
        self
    }
}

impl<B: BaseType> IntoValue<B> for B {
    fn into_value(self) -> B {
        self
    }
}

impl<B: BaseType> IntoValue<B> for &B {
    fn into_value(self) -> B {
        self.clone()
    }
}

impl IntoValue<String> for &str {
    fn into_value(self) -> String {
        self.to_owned()
    }
}

impl IntoValue<String> for &&str {
    fn into_value(self) -> String {
        (*self).to_owned()
    }
}

impl<B: BaseType> Assign<B> for B {
    fn assigned(self) -> Expr<B> {
        value(self)
    }
}

impl<B: BaseType> Assign<Option<B>> for B {
    fn assigned(self) -> Expr<Option<B>> {
        value(self)
    }
}

impl<B: BaseType> Assign<Option<B>> for Option<B> {
    fn assigned(self) -> Expr<Option<B>> {
        value(self)
    }
}

impl<B: BaseType> Assign<B> for &B {
    fn assigned(self) -> Expr<B> {
        value(self.clone())
    }
}

impl Assign<String> for &str {
    fn assigned(self) -> Expr<String> {
        value(self.to_owned())
    }
}

impl Assign<Option<String>> for &str {
    fn assigned(self) -> Expr<Option<String>> {
        value(self.to_owned())
    }
}

impl<M, T: SqlType, U: Holds<T>> Assign<U> for Column<M, T> {
    fn assigned(self) -> Expr<U> {
        Expr::new(node_of(self))
    }
}

impl<T: SqlType, U: Holds<T>> Assign<U> for Expr<T> {
    fn assigned(self) -> Expr<U> {
        Expr::new(self.node)
    }
}
