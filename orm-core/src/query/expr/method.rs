//! The methods of columns and expressions: comparisons, order, names, types.

use super::condition::join;
use super::expression::node_of;
use super::{Column, Cond, Expr, List, Operand, Order, Scalar};
use crate::query::ast::{Binary, Direction, Node};
use crate::types::{BaseType, SqlType};

/// `= NULL` is never true in SQL, so an equation with `None` asks whether the value is NULL.
fn equation(operator: Binary, left: Node, right: Node) -> Cond {
    let negated = match (&right, operator) {
        (Node::Parameter(parameter), Binary::Equal) if parameter.is_null() => false,
        (Node::Parameter(parameter), Binary::NotEqual) if parameter.is_null() => true,
        _ => return Cond(join(operator, left, right)),
    };
    Cond(Node::IsNull { operand: Box::new(left), negated })
}

fn null_test(operand: Node, negated: bool) -> Cond {
    Cond(Node::IsNull { operand: Box::new(operand), negated })
}

macro_rules! comparison {
    ($($(#[$doc:meta])* $name:ident $operator:ident),* $(,)?) => { $(
        $(#[$doc])*
        pub fn $name(&self, other: impl Operand<T::Base>) -> Cond
        where
            T: SqlType,
        {
            Cond(join(Binary::$operator, node_of(self), other.operand().node))
        }
    )* };
}

macro_rules! methods {
    ([$($generic:tt)*] $ty:ty) => {
        // What a type has to be is asked by the methods, and not by their `impl`: those that Rust's `==` has are not found then.
        impl<$($generic)* T> $ty {
            /// Equal; `.eq(None)` asks whether the value is NULL, and compiles only where it can be.
            ///
            /// ```
            /// # use orm_core::prelude::*;
            /// # use orm_tests::models::*;
            /// let ann = select(User).filter(User.name.eq("Ann"));
            /// let unknown = select(User).filter(User.age.eq(None)); // IS NULL
            /// ```
            pub fn eq(&self, other: impl Operand<T::Base, T>) -> Cond
            where
                T: SqlType,
            {
                equation(Binary::Equal, node_of(self), other.operand().node)
            }

            /// Not equal; `.ne(None)` asks whether the value is not NULL. Unknown where one side is NULL.
            ///
            /// ```
            /// # use orm_core::prelude::*;
            /// # use orm_tests::models::*;
            /// let others = select(User).filter(User.name.ne("Ann"));
            /// ```
            pub fn ne(&self, other: impl Operand<T::Base, T>) -> Cond
            where
                T: SqlType,
            {
                equation(Binary::NotEqual, node_of(self), other.operand().node)
            }

            comparison!(
                /// Less than.
                ///
                /// ```
                /// # use orm_core::prelude::*;
                /// # use orm_tests::models::*;
                /// let children = select(User).filter(User.age.lt(18));
                /// ```
                lt Less,
                /// Less than or equal.
                ///
                /// ```
                /// # use orm_core::prelude::*;
                /// # use orm_tests::models::*;
                /// let up_to_17 = select(User).filter(User.age.le(17));
                /// ```
                le LessEqual,
                /// Greater than.
                ///
                /// ```
                /// # use orm_core::prelude::*;
                /// # use orm_tests::models::*;
                /// let from_18 = select(User).filter(User.age.gt(17));
                /// ```
                gt Greater,
                /// Greater than or equal.
                ///
                /// ```
                /// # use orm_core::prelude::*;
                /// # use orm_tests::models::*;
                /// let adults = select(User).filter(User.age.ge(18));
                /// ```
                ge GreaterEqual,
            );
        }

        impl<$($generic)* T: SqlType> $ty {
            /// Not the same, where NULL is the same as NULL; never unknown.
            ///
            /// ```
            /// # use orm_core::prelude::*;
            /// # use orm_tests::models::*;
            /// let others = select(User).filter(User.age.is_distinct_from(18)); // those of unknown age too
            /// ```
            pub fn is_distinct_from(&self, other: impl Operand<T::Base>) -> Cond {
                Cond(join(Binary::IsDistinctFrom, node_of(self), other.operand().node))
            }

            /// The same, where NULL is the same as NULL; never unknown.
            ///
            /// ```
            /// # use orm_core::prelude::*;
            /// # use orm_tests::models::*;
            /// let boss = Employee.alias("boss");
            /// let peers = select(Employee)
            ///     .join(boss, Employee.manager_id.is_not_distinct_from(boss.manager_id))
            ///     .filter(boss.id.eq(1));
            /// ```
            pub fn is_not_distinct_from(&self, other: impl Operand<T::Base>) -> Cond {
                Cond(join(Binary::IsNotDistinctFrom, node_of(self), other.operand().node))
            }

            /// Between two bounds, both included.
            ///
            /// ```
            /// # use orm_core::prelude::*;
            /// # use orm_tests::models::*;
            /// let teens = select(User).filter(User.age.between(13, 19));
            /// ```
            pub fn between(&self, low: impl Operand<T::Base>, high: impl Operand<T::Base>) -> Cond {
                Cond(Node::Between(Box::new([node_of(self), low.operand().node, high.operand().node])))
            }

            /// Below the first bound or above the second.
            ///
            /// ```
            /// # use orm_core::prelude::*;
            /// # use orm_tests::models::*;
            /// let others = select(User).filter(User.age.not_between(13, 19));
            /// ```
            pub fn not_between(&self, low: impl Operand<T::Base>, high: impl Operand<T::Base>) -> Cond {
                !self.between(low, high)
            }

            /// One of a list, which is sent as one array, or of the values of a select: `in_([1, 2])`,
            /// `in_(select(Post.user_id))`; false for none. Columns and expressions stand in the statement one by one:
            /// `in_([User.name, User.nick])`, `in_((User.name, "Ann"))`.
            ///
            /// ```
            /// # use orm_core::prelude::*;
            /// # use orm_tests::models::*;
            /// let named = select(User).filter(User.name.in_(["Ann", "Bob"]));
            /// let authors = select(User).filter(User.id.in_(select(Post.user_id)));
            /// ```
            pub fn in_<K>(&self, list: impl List<T::Base, K>) -> Cond {
                Cond(list.list().contains(node_of(self), false))
            }

            /// None of a list, which is sent as one array, or of the values of a select; true for none. A select that can
            /// give NULL is refused, for no row would be left then. Columns and expressions stand in the statement one by one.
            ///
            /// ```
            /// # use orm_core::prelude::*;
            /// # use orm_tests::models::*;
            /// let others = select(User).filter(User.name.not_in(["Ann", "Bob"]));
            /// ```
            pub fn not_in<K>(&self, list: impl List<T::Base, K>) -> Cond {
                Cond(list.list().contains(node_of(self), true))
            }

            /// Is NULL.
            ///
            /// ```
            /// # use orm_core::prelude::*;
            /// # use orm_tests::models::*;
            /// let unknown = select(User).filter(User.age.is_null());
            /// ```
            pub fn is_null(&self) -> Cond {
                null_test(node_of(self), false)
            }

            /// Is not NULL.
            ///
            /// ```
            /// # use orm_core::prelude::*;
            /// # use orm_tests::models::*;
            /// let known = select(User).filter(User.age.is_not_null());
            /// ```
            pub fn is_not_null(&self) -> Cond {
                null_test(node_of(self), true)
            }

            /// Sorted from the smallest; NULLs last.
            ///
            /// ```
            /// # use orm_core::prelude::*;
            /// # use orm_tests::models::*;
            /// let by_name = select(User).order_by(User.name.asc()); // as `.order_by(User.name)`
            /// ```
            pub fn asc(&self) -> Order {
                Order::new(node_of(self), Direction::Asc)
            }

            /// Sorted from the greatest; NULLs first.
            ///
            /// ```
            /// # use orm_core::prelude::*;
            /// # use orm_tests::models::*;
            /// let oldest_first = select(User).order_by((User.age.desc(), User.name.asc()));
            /// ```
            pub fn desc(&self) -> Order {
                Order::new(node_of(self), Direction::Desc)
            }

            /// Sorted from the smallest, and NULLs before all values.
            ///
            /// ```
            /// # use orm_core::prelude::*;
            /// # use orm_tests::models::*;
            /// let unknown_first = select(User).order_by(User.age.nulls_first());
            /// ```
            pub fn nulls_first(&self) -> Order {
                self.asc().nulls_first()
            }

            /// Sorted from the smallest, and NULLs behind all values.
            ///
            /// ```
            /// # use orm_core::prelude::*;
            /// # use orm_tests::models::*;
            /// let unknown_last = select(User).order_by(User.age.nulls_last());
            /// ```
            pub fn nulls_last(&self) -> Order {
                self.asc().nulls_last()
            }

            /// Sorted in a direction that is a value.
            ///
            /// ```
            /// # use orm_core::prelude::*;
            /// # use orm_tests::models::*;
            /// let direction: Direction = "desc".parse()?; // from a URL
            /// let users = select(User).order_by(User.name.sorted(direction));
            /// # Ok::<(), Error>(())
            /// ```
            pub fn sorted(&self, direction: Direction) -> Order {
                Order::new(node_of(self), direction)
            }

            /// Names the value in the result; where it is selected under the name, ORDER BY says just that.
            ///
            /// ```
            /// # use orm_core::prelude::*;
            /// # use orm_tests::models::*;
            /// let count = func::count(Post.id).label("posts");
            /// let busiest = select((Post.user_id, &count)).group_by(Post.user_id).order_by(count.desc());
            /// ```
            pub fn label(&self, name: &'static str) -> Expr<T> {
                Expr::labelled(node_of(self), name)
            }

            /// The value as another type of PostgreSQL: `User.age.cast::<i64>()`. What may be NULL stays an `Option` by itself.
            ///
            /// ```
            /// # use orm_core::prelude::*;
            /// # use orm_tests::models::*;
            /// let ages = select(User.age.cast::<i64>());
            /// ```
            pub fn cast<U: SqlType>(&self) -> Expr<T::With<U>> {
                Expr::new(Node::Cast(Box::new(node_of(self)), U::Base::TYPE))
            }

            /// The same value as an `Option`, for what an outer join may not find.
            ///
            /// ```
            /// # use orm_core::prelude::*;
            /// # use orm_tests::models::*;
            /// let titles = select((User.name, Post.title.optional())).outer_join(Post, Post.user_id.eq(User.id));
            /// ```
            pub fn optional(&self) -> Expr<T::Nullable> {
                self.into_expr().map(|node| node)
            }

            /// The same value without `Option`, for what you know and the declarations do not tell; reading a NULL is an
            /// error.
            ///
            /// ```
            /// # use orm_core::prelude::*;
            /// # use orm_tests::models::*;
            /// let ages = select(User.age.never_null()).filter(User.age.is_not_null()); // `i32`, not `Option<i32>`
            /// ```
            pub fn never_null(&self) -> Expr<T::Base> {
                self.into_expr().map(|node| Node::NeverNull(Box::new(node)))
            }
        }
    };
}
methods!([M,] Column<M, T>);
methods!([] Expr<T>);
