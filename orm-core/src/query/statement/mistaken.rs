//! Methods that a select is often thought to have: what the compiler says of each is what to write instead.

use std::future::Ready;

use super::{Derived, Select, TableRow};
use crate::error::Error;
use crate::query::expr::Expr;

/// Whether a select gives a row is a function, or a verb.
#[diagnostic::on_unimplemented(
    message = "a select has no method `exists`",
    label = "write `exists(select(..))` in a condition, and `engine.exists(select(..))` to ask the database"
)]
pub trait ExistsOfASelect {}

/// How many rows a select gives is a verb.
#[diagnostic::on_unimplemented(
    message = "a select has no method `count`",
    label = "write `engine.count(select(..))`; inside of a statement, `select(func::count_star())`"
)]
pub trait CountOfASelect {}

/// Conditions are filters.
#[diagnostic::on_unimplemented(message = "a select has no method `where_`", label = "write `.filter(..)`")]
pub trait WhereOfASelect {}

/// A statement is run by what has a connection.
#[diagnostic::on_unimplemented(
    message = "a select does not run itself",
    label = "write `engine.all(select(..)).await?`; a transaction and a session have the same verbs"
)]
pub trait VerbOfASelect {}

/// The columns of a table that a statement makes have types, and so no names at run time.
#[diagnostic::on_unimplemented(
    message = "the columns of a derived table are not taken by a name",
    label = "write `table.column(Order.user_id)` with what its select gives; `let (a, b) = table.columns()` of a tuple, \
             `table.name` of a model or a struct with `#[derive(Row)]`"
)]
pub trait ColumnByName {}

macro_rules! verbs {
    ($($verb:ident),*) => { $(
        #[doc(hidden)]
        pub fn $verb<E>(self, _: E) -> Ready<Result<(), Error>>
        where
            Self: VerbOfASelect,
        {
            std::future::ready(Ok(()))
        }
    )* };
}

impl<R> Select<R> {
    verbs!(all, one, one_or_none, first, load, fetch_all, fetch_one, fetch_optional);

    #[doc(hidden)]
    pub fn exists(self) -> Expr<bool>
    where
        Self: ExistsOfASelect,
    {
        super::exists(self)
    }

    #[doc(hidden)]
    pub fn count(self)
    where
        Self: CountOfASelect,
    {
    }

    #[doc(hidden)]
    pub fn where_<C>(self, _: C) -> Self
    where
        Self: WhereOfASelect,
    {
        self
    }
}

impl<R: TableRow> Derived<R> {
    #[doc(hidden)]
    pub fn c<C>(&self, _: C) -> Expr<bool>
    where
        Self: ColumnByName,
    {
        crate::query::lit(true)
    }
}
