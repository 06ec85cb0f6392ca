//! Conditions where expressions stand: selected, compared, sorted by.

use super::{Cond, Expr, Operand, Order, OrderBy, OrderKey, Scalar};
use crate::query::ast::{Direction, Node};

impl Cond {
    /// The condition as a value that is never NULL: false where it is unknown.
    ///
    /// ```
    /// # use orm_core::prelude::*;
    /// # use orm_tests::models::*;
    /// let rows = select((User.name, User.age.ge(18).is_true())); // false where the age is unknown
    /// ```
    pub fn is_true(&self) -> Expr<bool> {
        Expr::new(Node::IsTrue(Box::new(self.0.clone())))
    }

    /// The condition as a value that is never NULL, for what you know and the types do not tell; reading a NULL is an error.
    ///
    /// ```
    /// # use orm_core::prelude::*;
    /// # use orm_tests::models::*;
    /// let rows = select((User.name, User.name.eq("Ann").never_null())); // `bool`, not `Option<bool>`
    /// ```
    pub fn never_null(&self) -> Expr<bool> {
        Expr::new(Node::NeverNull(Box::new(self.0.clone())))
    }

    /// Whether the condition is false or unknown, as a value that is never NULL.
    ///
    /// ```
    /// # use orm_core::prelude::*;
    /// # use orm_tests::models::*;
    /// let not_known_adults = select(User).filter(User.age.ge(18).is_not_true());
    /// ```
    pub fn is_not_true(&self) -> Expr<bool> {
        Expr::new(Node::Not(Box::new(self.is_true().node)))
    }

    /// Whether the condition is unknown.
    ///
    /// ```
    /// # use orm_core::prelude::*;
    /// # use orm_tests::models::*;
    /// let undecided = select(User).filter(User.age.ge(18).is_null());
    /// ```
    pub fn is_null(&self) -> Cond {
        node_expr(self).is_null()
    }

    /// Whether the condition is known.
    ///
    /// ```
    /// # use orm_core::prelude::*;
    /// # use orm_tests::models::*;
    /// let decided = select(User).filter(User.age.ge(18).is_not_null());
    /// ```
    pub fn is_not_null(&self) -> Cond {
        node_expr(self).is_not_null()
    }

    /// Whether two conditions are both true, or both false.
    ///
    /// ```
    /// # use orm_core::prelude::*;
    /// # use orm_tests::models::*;
    /// let alike = select(Event).filter(Event.seats.gt(100).eq(Event.is_public));
    /// ```
    pub fn eq(&self, other: impl Operand<bool>) -> Cond {
        node_expr(self).eq(other)
    }

    /// Whether one of two conditions is true and the other false.
    ///
    /// ```
    /// # use orm_core::prelude::*;
    /// # use orm_tests::models::*;
    /// let unlike = select(Event).filter(Event.seats.gt(100).ne(Event.is_public));
    /// ```
    pub fn ne(&self, other: impl Operand<bool>) -> Cond {
        node_expr(self).ne(other)
    }

    /// Sorted from false to true; unknown last.
    ///
    /// ```
    /// # use orm_core::prelude::*;
    /// # use orm_tests::models::*;
    /// let children_last = select(User).order_by(User.age.lt(18).asc());
    /// ```
    pub fn asc(&self) -> Order {
        node_expr(self).asc()
    }

    /// Sorted from true to false; unknown first.
    ///
    /// ```
    /// # use orm_core::prelude::*;
    /// # use orm_tests::models::*;
    /// let children_first = select(User).order_by(User.age.lt(18).desc());
    /// ```
    pub fn desc(&self) -> Order {
        node_expr(self).desc()
    }

    /// Names the condition in the result.
    ///
    /// ```
    /// # use orm_core::prelude::*;
    /// # use orm_tests::models::*;
    /// let rows = select((User.name, User.age.ge(18).label("is_adult")));
    /// ```
    pub fn label(&self, name: &'static str) -> Expr<Option<bool>> {
        node_expr(self).label(name)
    }

    /// The condition as a value, which an outer join may not find; it is an `Option` without this too.
    ///
    /// ```
    /// # use orm_core::prelude::*;
    /// # use orm_tests::models::*;
    /// let rows = select((User.name, Post.id.gt(10).optional())).left_join(Post, Post.user_id.eq(User.id));
    /// ```
    pub fn optional(&self) -> Expr<Option<bool>> {
        node_expr(self)
    }
}

fn node_expr(condition: &Cond) -> Expr<Option<bool>> {
    condition.into_expr()
}

#[diagnostic::do_not_recommend]
impl Scalar for &Cond {
    type Type = Option<bool>;

    fn into_expr(self) -> Expr<Option<bool>> {
        Expr::new(self.0.clone())
    }
}

#[diagnostic::do_not_recommend]
impl Scalar for Cond {
    type Type = Option<bool>;

    fn into_expr(self) -> Expr<Option<bool>> {
        Expr::new(self.0)
    }
}

#[diagnostic::do_not_recommend]
impl<N> Operand<bool, N> for Cond {
    type Type = Option<bool>;

    fn operand(self) -> Expr<Option<bool>> {
        Expr::new(self.0)
    }
}

#[diagnostic::do_not_recommend]
impl<N> Operand<bool, N> for &Cond {
    type Type = Option<bool>;

    fn operand(self) -> Expr<Option<bool>> {
        Expr::new(self.0.clone())
    }
}

#[diagnostic::do_not_recommend]
impl OrderBy for Cond {
    fn collect(self, keys: &mut Vec<OrderKey>) {
        Order::new(self.0, Direction::Asc).collect(keys);
    }
}

#[diagnostic::do_not_recommend]
impl OrderBy for &Cond {
    fn collect(self, keys: &mut Vec<OrderKey>) {
        self.asc().collect(keys);
    }
}
