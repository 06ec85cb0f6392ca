//! Selects inside of other statements.

use std::sync::Arc;

use super::{IntoSource, Select};
use crate::model::Row;
use crate::query::ast::Node;
use crate::query::expr::{
    Assign, Cond, EachNode, EachOf, Expr, Holds, List, ListNode, Operand, Scalar, SelectNode, TupleList,
    TupleNode, TupleOperand, TypeOf,
};
use crate::types::{BaseType, SqlType};

/// Whether a select gives a row: `exists(select(Post).filter(Post.user_id.eq(User.id)))`; `!exists(..)` for the opposite.
///
/// A table that only the conditions of the select name is that of the statement around it, if that has it; all others are
/// the select's own.
///
/// ```
/// # use orm_core::prelude::*;
/// # #[derive(Model, Clone, Debug)]
/// # #[orm(table = "users")]
/// # pub struct User {
/// #     #[orm(primary_key, generated)]
/// #     pub id: i64,
/// # }
/// # #[derive(Model, Clone, Debug)]
/// # #[orm(table = "posts")]
/// # pub struct Post {
/// #     #[orm(primary_key, generated)]
/// #     pub id: i64,
/// #     pub user_id: i64,
/// # }
/// let posts = select(Post.id).filter(Post.user_id.eq(User.id));
/// assert_eq!(
///     select(User.id).filter(!exists(posts)).to_sql()?.text,
///     r#"SELECT "users"."id" FROM "users" WHERE NOT EXISTS (SELECT "posts"."id" FROM "posts" WHERE "posts"."user_id" = "users"."id")"#
/// );
/// # Ok::<(), orm_core::Error>(())
/// ```
pub fn exists<R>(select: Select<R>) -> Expr<bool> {
    Expr::from_node(Node::Exists(shared(select)))
}

/// Whether a subquery gives no row: the same as `!exists(..)`.
///
/// ```
/// # use orm_core::prelude::*;
/// # use orm_tests::models::*;
/// let silent = select(User).filter(not_exists(select(Post.id).filter(Post.user_id.eq(User.id))));
/// ```
pub fn not_exists<R>(select: Select<R>) -> Cond {
    !exists(select)
}

pub(super) fn shared<R>(select: Select<R>) -> Arc<crate::query::ast::Select> {
    Arc::new(*select.query)
}

impl<R> Select<R> {
    /// Says that a table which it selects from is that of the statement around it, and not one of its own.
    ///
    /// ```
    /// # use orm_core::prelude::*;
    /// # use orm_tests::models::*;
    /// let other = Post.alias("other");
    /// let later = select(other.id).filter(other.user_id.eq(Post.user_id) & other.id.gt(Post.id)).correlate(Post);
    /// let last_posts = select(Post).filter(!exists(later));
    /// ```
    pub fn correlate(mut self, table: impl IntoSource) -> Self {
        self.query.more().correlated.push(table.into_source().source());
        self
    }
}

impl<T> Select<T> {
    /// The value of the one row it gives, as an expression; NULL where it gives none, an error of the server where it gives
    /// several. It is an `Option`: where there always is a row, as of a `count` without `group_by`, `.never_null()` behind it
    /// says so.
    ///
    /// ```
    /// # use orm_core::prelude::*;
    /// # use orm_tests::models::*;
    /// let last = select(func::max(Post.id)).filter(Post.user_id.eq(User.id)).scalar(); // an `Option`
    /// let posts = select(func::count(Post)).filter(Post.user_id.eq(User.id)).scalar().never_null(); // `i64`
    /// let counts = select((User.name, last, posts));
    /// ```
    pub fn scalar<N>(self) -> Expr<N>
    where
        T: SqlType<Nullable = N> + Row,
    {
        Expr::from_node(Node::Subquery(shared(self)))
    }
}

impl<B: BaseType, N, T: TypeOf<B> + Row> Operand<B, N> for Select<T> {
    type Type = <T::Common as SqlType>::Nullable;

    fn operand(self) -> Expr<Self::Type> {
        Expr::from_node(Node::Subquery(shared(self)))
    }
}

#[diagnostic::do_not_recommend]
impl<T: SqlType + Row> EachOf for Select<T> {
    type Item = T;

    fn into_each(self) -> EachNode {
        EachNode::Select(SelectNode(shared(self)))
    }
}

impl<B: BaseType, T: TypeOf<B> + Row> List<B> for Select<T> {
    fn list(self) -> ListNode {
        ListNode::Select(SelectNode(shared(self)))
    }
}

impl<T: SqlType + Row, U: Holds<T::Nullable>> Assign<U> for Select<T> {
    fn assigned(self) -> Expr<U> {
        Expr::from_node(Node::Subquery(shared(self)))
    }
}

macro_rules! tuple {
    ($($part:ident $other:ident),*) => {
        impl<$($part: Scalar, $other: TypeOf<<$part::Type as SqlType>::Base>),*> TupleOperand<($($part,)*)>
            for Select<($($other,)*)>
        {
            fn tuple_operand(self) -> TupleNode {
                TupleNode(Node::Subquery(shared(self)))
            }
        }

        impl<$($part: Scalar, $other: TypeOf<<$part::Type as SqlType>::Base>),*> TupleList<($($part,)*)>
            for Select<($($other,)*)>
        {
            fn contains(self, tuple: TupleNode, negated: bool) -> Cond {
                let operand = Box::new(tuple.0);
                Cond(Node::InSelect { operand, select: shared(self), negated })
            }
        }
    };
}
tuple!(A Aa, B Bb);
tuple!(A Aa, B Bb, C Cc);
tuple!(A Aa, B Bb, C Cc, D Dd);
tuple!(A Aa, B Bb, C Cc, D Dd, E Ee);
tuple!(A Aa, B Bb, C Cc, D Dd, E Ee, F Ff);
tuple!(A Aa, B Bb, C Cc, D Dd, E Ee, F Ff, G Gg);
tuple!(A Aa, B Bb, C Cc, D Dd, E Ee, F Ff, G Gg, H Hh);
