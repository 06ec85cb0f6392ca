//! `CASE WHEN .. THEN .. ELSE .. END`.

use std::marker::PhantomData;

use super::{Argument, Expr, IntoCond, Operand};
use crate::query::ast::{self, Node};
use crate::types::SqlType;

/// The value of the first condition that is true:
/// `case().when(User.age.lt(18), "minor").otherwise("adult")`, or `.end()` for NULL where none is.
///
/// ```
/// # use orm_core::prelude::*;
/// # use orm_tests::models::*;
/// let group = case().when(User.age.lt(18), "child").when(User.age.is_null(), "unknown").otherwise("adult");
/// let groups = select((User.name, group));
/// ```
pub fn case() -> Case {
    Case(())
}

/// A CASE without conditions; made by [`case`].
#[derive(Clone, Copy, Debug)]
#[must_use]
pub struct Case(());

/// A CASE with conditions; [`otherwise`](CaseWhen::otherwise) or [`end`](CaseWhen::end) makes it an expression.
#[derive(Clone, Debug)]
#[must_use = "a CASE is no expression before `.otherwise(..)` or `.end()`"]
pub struct CaseWhen<T> {
    branches: Vec<[Node; 2]>,
    ty: PhantomData<fn() -> T>,
}

impl Case {
    /// A value for where the condition is true. Its type is the type of all the others.
    ///
    /// ```
    /// # use orm_core::prelude::*;
    /// # use orm_tests::models::*;
    /// let groups = select((User.name, case().when(User.age.lt(18), "child").otherwise("adult")));
    /// ```
    pub fn when<V: Argument>(self, condition: impl IntoCond, value: V) -> CaseWhen<V::Type> {
        CaseWhen::<()> { branches: Vec::new(), ty: PhantomData }.branch(condition, value.argument().node)
    }
}

impl<T> CaseWhen<T> {
    fn branch<U>(mut self, condition: impl IntoCond, value: Node) -> CaseWhen<U> {
        self.branches.push([condition.into_cond().0, value]);
        CaseWhen { branches: self.branches, ty: PhantomData }
    }

    fn close<U>(self, otherwise: Option<Node>) -> Expr<U> {
        Expr::new(Node::Case(Box::new(ast::Case { branches: self.branches, otherwise })))
    }
}

impl<T: SqlType> CaseWhen<T> {
    /// A value for where the condition is true, and none before it is.
    ///
    /// ```
    /// # use orm_core::prelude::*;
    /// # use orm_tests::models::*;
    /// let group = case().when(User.age.lt(13), "child").when(User.age.lt(20), "teen").otherwise("adult");
    /// let groups = select((User.name, group));
    /// ```
    pub fn when<V>(self, condition: impl IntoCond, value: V) -> CaseWhen<T::With<V::Type>>
    where
        V: Operand<T::Base>,
    {
        self.branch(condition, value.operand().node)
    }

    /// The expression, with a value for where no condition is true.
    ///
    /// ```
    /// # use orm_core::prelude::*;
    /// # use orm_tests::models::*;
    /// let prices = select(case().when(Event.is_public, Event.price).otherwise(Event.price * 2));
    /// ```
    pub fn otherwise<V: Operand<T::Base>>(self, value: V) -> Expr<T::With<V::Type>> {
        self.close(Some(value.operand().node))
    }

    /// The expression, NULL where no condition is true.
    ///
    /// ```
    /// # use orm_core::prelude::*;
    /// # use orm_tests::models::*;
    /// let price = case().when(Event.is_public, Event.price).end(); // NULL where it is not public
    /// let prices = select((Event.title, price));
    /// ```
    pub fn end(self) -> Expr<T::Nullable> {
        self.close(None)
    }
}
