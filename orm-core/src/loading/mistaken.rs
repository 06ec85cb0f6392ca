//! Methods of columns that relations are often thought to have: what the compiler says of each is what to write instead.

use crate::model::Model;
use crate::model::relation::Relation;
use crate::query::{Column, Cond, IntoCond, SetColumn, lit};

/// A relation leads to rows; its foreign key is a column.
#[diagnostic::on_unimplemented(
    message = "`{Self}` is a relation, and no column",
    label = "ask for related rows: `Post.author.is(User.name.eq(..))`, `User.posts.exists()`; or name the foreign key: `Post.user_id`"
)]
pub trait RelationAsAColumn {}

macro_rules! of_a_column {
    ($($method:ident($($argument:ident)?))*) => {
        impl<P, C, A> Relation<P, C, A> {
            $(
                #[doc(hidden)]
                pub fn $method$(<$argument>)?(self, $(_: $argument)?) -> Cond
                where
                    Self: RelationAsAColumn,
                {
                    lit(true).into_cond()
                }
            )*
        }
    };
}
of_a_column!(eq(O) ne(O) lt(O) le(O) gt(O) ge(O) in_(O) is_null() is_not_null() is_none() is_some() asc() desc());

/// Related rows are asked by other words.
#[diagnostic::on_unimplemented(
    message = "related rows are asked by `is`, `any`, `none`, `all` and `exists`",
    label = "write `Post.author.is(User.name.eq(..))` of one row, `User.posts.any(Post.title.eq(..))` of many, `!User.posts.exists()` for none at all"
)]
pub trait AskedAsAList {}

macro_rules! of_a_list {
    ($($method:ident($($argument:ident)?))*) => {
        impl<P, C, A> Relation<P, C, A> {
            $(
                #[doc(hidden)]
                pub fn $method$(<$argument>)?(self, $(_: $argument)?) -> Cond
                where
                    Self: AskedAsAList,
                {
                    lit(true).into_cond()
                }
            )*
        }
    };
}
of_a_list!(has(O) where_has(O) is_empty() not_exists());

/// What cannot be: a bound of this type is told in its own words, one of the mistaken type would be told in those of the trait that
/// it was to have.
#[doc(hidden)]
#[derive(Debug)]
pub enum Mistake {}

/// A statement sets columns.
#[diagnostic::on_unimplemented(
    message = "`{R}` is a relation, and a statement sets columns",
    label = "set the foreign key, `Post.user_id`; of an object in a session `session.set(post, Post.author, user)`"
)]
pub trait RelationAsAColumnToSet<R> {}

#[doc(hidden)]
impl<M: Model, P, C, A> SetColumn<M> for Relation<P, C, A>
where
    Mistake: RelationAsAColumnToSet<Self>,
{
    type Type = i64;

    fn column(self) -> Column<M, i64> {
        unreachable!("no relation is a column")
    }
}
