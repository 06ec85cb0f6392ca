//! UNION, INTERSECT and EXCEPT of selects with the same rows.

use std::panic::Location;

use super::Select;
use crate::query::ast::{self, SetOperation, SetOperator};

/// A select that gives rows `R`, to stand beside another one.
#[diagnostic::on_unimplemented(
    message = "`{Self}` does not give the rows of the select before it, which are `{R}`",
    label = "expected a select of `{R}`",
    note = "both select the same types in the same order: `.cast::<i64>()` makes another type, `.optional()` an `Option`; models are \
            selected column by column"
)]
pub trait SameRows<R> {
    #[doc(hidden)]
    fn arm(self) -> Select<R>;
}

#[diagnostic::do_not_recommend]
impl<R> SameRows<R> for Select<R> {
    fn arm(self) -> Select<R> {
        self
    }
}

impl<R> Select<R> {
    /// The rows of both, equal ones once. What stands behind it, `order_by` and `limit`, is about all of them.
    ///
    /// ```
    /// use orm_core::prelude::*;
    ///
    /// #[derive(Model, Clone, Debug)]
    /// #[orm(table = "users")]
    /// pub struct User {
    ///     #[orm(primary_key, generated)]
    ///     pub id: i64,
    ///     pub name: String,
    /// }
    ///
    /// let some = select(User.name).filter(User.id.lt(3)).union(select(User.name).filter(User.id.gt(7)));
    /// let sorted = some.order_by(User.name).limit(10);
    /// assert!(sorted.to_sql()?.text.contains(" UNION "));
    /// # Ok::<(), orm_core::Error>(())
    /// ```
    #[track_caller]
    pub fn union(self, other: impl SameRows<R>) -> Select<R> {
        self.combined(other.arm(), SetOperator::Union, false)
    }

    /// The rows of both, one behind the other.
    ///
    /// ```
    /// # use orm_core::prelude::*;
    /// # use orm_tests::models::*;
    /// let names = select(User.name).union_all(select(Employee.name));
    /// ```
    #[track_caller]
    pub fn union_all(self, other: impl SameRows<R>) -> Select<R> {
        self.combined(other.arm(), SetOperator::Union, true)
    }

    /// The rows that both give, each once.
    ///
    /// ```
    /// # use orm_core::prelude::*;
    /// # use orm_tests::models::*;
    /// let names = select(User.name).intersect(select(Employee.name));
    /// ```
    #[track_caller]
    pub fn intersect(self, other: impl SameRows<R>) -> Select<R> {
        self.combined(other.arm(), SetOperator::Intersect, false)
    }

    /// The rows that both give, each as often as the one that gives it less often.
    ///
    /// ```
    /// # use orm_core::prelude::*;
    /// # use orm_tests::models::*;
    /// let names = select(User.name).intersect_all(select(Employee.name));
    /// ```
    #[track_caller]
    pub fn intersect_all(self, other: impl SameRows<R>) -> Select<R> {
        self.combined(other.arm(), SetOperator::Intersect, true)
    }

    /// The rows of the first that the other does not give, each once.
    ///
    /// ```
    /// # use orm_core::prelude::*;
    /// # use orm_tests::models::*;
    /// let names = select(User.name).except(select(Employee.name));
    /// ```
    #[track_caller]
    pub fn except(self, other: impl SameRows<R>) -> Select<R> {
        self.combined(other.arm(), SetOperator::Except, false)
    }

    /// The rows of the first, each as often as it gives it more often than the other.
    ///
    /// ```
    /// # use orm_core::prelude::*;
    /// # use orm_tests::models::*;
    /// let names = select(User.name).except_all(select(Employee.name));
    /// ```
    #[track_caller]
    pub fn except_all(self, other: impl SameRows<R>) -> Select<R> {
        self.combined(other.arm(), SetOperator::Except, true)
    }

    #[track_caller]
    fn combined(self, other: Select<R>, operator: SetOperator, all: bool) -> Select<R> {
        let mut query = Box::new(ast::Select::new(Location::caller(), self.query.items.clone()));
        query.more().set = Some(SetOperation { operator, all, arms: vec![*self.query, *other.query] });
        Select { query, make: self.make, populate_existing: self.populate_existing }
    }
}
