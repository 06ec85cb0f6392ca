//! Methods that columns and expressions are often thought to have: what the compiler says of each is what to write instead.

use super::func::{Neighbour, Series};
use super::{Column, Cond, Expr, Over, WindowFunction, lit};
use crate::query::mistaken::missing;

missing! {
    OptionOfAColumn: "whether a column is NULL is asked by `is_null` and `is_not_null`",
        "write `.is_null()`, or `.is_not_null()`";
    [M, T] Column<M, T>: is_none is_some;
    [T] Expr<T>: is_none is_some;

    ListOfAColumn: "whether a value is in a list is asked by `in_`",
        "write `.in_([1, 2])`, of a list, or `.in_(select(Post.user_id))`; `.not_in(..)` for the others; of an array column `Post.tags.any(\"rust\")`";
    [M, T] Column<M, T>: is_in isin eq_any in_list in_subquery is_not_in notin notin_ ne_all ne_any not_in_;
    [T] Expr<T>: is_in isin eq_any in_list in_subquery is_not_in notin notin_ ne_all ne_any not_in_;

    EqualOfAColumn: "values are compared by `eq`, `ne`, `lt`, `le`, `gt` and `ge`",
        "write `.eq(..)` for `=`, `.ne(..)` for `<>`; `.is_null()`, `.is_true()` and `.is_distinct_from(..)` for SQL's IS";
    [M, T] Column<M, T>: equals is_equal equal equal_to eq_ not_equals not_equal neq is is_;
    [T] Expr<T>: equals is_equal equal equal_to eq_ not_equals not_equal neq is is_;

    OrderOfAColumn: "values are compared by `lt`, `le`, `gt` and `ge`",
        "write `.lt(..)` for `<`, `.le(..)` for `<=`, `.gt(..)` for `>`, `.ge(..)` for `>=`";
    [M, T] Column<M, T>: lte gte less_than greater_than less_than_or_equal greater_than_or_equal lt_eq gt_eq;
    [T] Expr<T>: lte gte less_than greater_than less_than_or_equal greater_than_or_equal lt_eq gt_eq;

    AnyOfAnArray: "what is in an array is asked by `contains`",
        "write `Post.tags.contains(\"rust\")`, or `Post.tags.any(\"rust\")`; of a document of JSON, `.has_key(..)`";
    [M, T] Column<M, T>: has has_any has_element;
    [T] Expr<T>: has has_any has_element;

    TextOfADocument: "a part of a document of JSON is read as text by `get_text`",
        "write `Page.content.get_text(\"title\")`, and `.get_text(\"size\").cast::<i32>()` for another type; all of it is `.cast::<String>()`";
    [M, T] Column<M, T>: as_text as_string as_str astext as_integer as_i64 as_float as_boolean retrieve_as_text;
    [T] Expr<T>: as_text as_string as_str astext as_integer as_i64 as_float as_boolean retrieve_as_text;

    NameOfAnExpression: "an expression is named by `label`",
        "write `.label(\"total\")`; a struct with `#[derive(Row)]` names what a select gives";
    [M, T] Column<M, T>: as_ alias alias_as named;
    [T] Expr<T>: as_ alias alias_as named;

    ValueForNull: "a value for NULL is given by `func::coalesce`",
        "write `func::coalesce(User.age, 0)`";
    [M, T] Column<M, T>: coalesce unwrap_or unwrap_or_default if_null ifnull or_default;
    [T] Expr<T>: coalesce unwrap_or unwrap_or_default if_null ifnull or_default;

    SizeOfAColumn: "what is in a value is counted by a function",
        "write `func::cardinality(Post.tags)` of an array, `func::length(User.name)` of a text; whether a text is empty is `.eq(\"\")`";
    [M, T] Column<M, T>: is_empty len length size cardinality;
    [T] Expr<T>: is_empty len length size cardinality;

    RegexpOfAText: "text is matched by a regular expression with `regexp`",
        "write `.regexp(\"^a\")`, or `.iregexp(\"^a\")` whatever the letters' case; with flags `func::regexp_like(User.name, func::regexp(\"^a\", \"i\"))`";
    [M, T] Column<M, T>: matches_ci matches_regex regexp_match regexp_like regexp_matches rlike regex iregex similar;
    [T] Expr<T>: matches_ci matches_regex regexp_match regexp_like regexp_matches rlike regex iregex similar;

    PartOfAMoment: "a part of a moment is taken by `func::extract`",
        "write `func::extract(\"year\", Order.placed_at)`, `func::date_trunc(\"month\", ..)`, or `func::date(..)` for the date";
    [M, T] Column<M, T>: year month day hour minute weekday date to_date extract date_trunc;
    [T] Expr<T>: year month day hour minute weekday date to_date extract date_trunc;

    OptionalOfAColumn: "what may be missing, as behind a left join, is selected by `optional`",
        "write `.optional()`";
    [M, T] Column<M, T>: nullable;
    [T] Expr<T>: nullable;

    DistinctOfAColumn: "a select or an aggregate is distinct, and no column",
        "write `func::count(Post.user_id).distinct()`, or `select(Post.user_id).distinct()`";
    [M, T] Column<M, T>: distinct unique;

    FrameOfAWindow: "the rows that a window function sees are said by `rows`, `range` or `groups`",
        "write `.rows(-6..=0)` for the row and the six before it, `.rows(..=0)` for all up to the row, `.rows(..)` for all";
    [] Over: rows_between range_between groups_between between rows_from rows_preceding frame;
}

/// Aggregates are functions. Iterators have methods of these names too, so that the methods ask, and not their `impl`.
#[diagnostic::on_unimplemented(
    message = "aggregates are functions, and no methods of a column",
    label = "write `func::max(..)`, `func::min(..)`, `func::sum(..)`, `func::avg(..)`, `func::count(..)`"
)]
pub trait AggregateAsAMethod {}

/// A window function has a value over a window only.
#[diagnostic::on_unimplemented(
    message = "a window function has no value before `.over(..)`",
    label = "write `.over(partition_by(..).order_by(..))` before it, or `.over(())` for all rows"
)]
pub trait WindowFunctionAlone {}

macro_rules! aggregates {
    ([$($generic:tt)*] $ty:ty: $($method:ident)*) => {
        impl<$($generic)* T> $ty {
            $(
                #[doc(hidden)]
                pub fn $method(&self) -> Expr<i64>
                where
                    Self: AggregateAsAMethod,
                {
                    lit(0)
                }
            )*
        }
    };
}
aggregates!([M,] Column<M, T>: max min sum avg count);
aggregates!([] Expr<T>: max min sum avg count);

/// A series is made into a table. Its type may not be known yet, so that the methods ask, and not their `impl`.
#[diagnostic::on_unimplemented(
    message = "a series is a table by `derived`",
    label = "write `let days = func::generate_series(first, last).derived(\"days\")`, and `days.columns()` for its column"
)]
pub trait TableOfASeries {}

impl<T> Series<T> {
    #[doc(hidden)]
    pub fn table(self, _: impl Sized)
    where
        Self: TableOfASeries,
    {
    }

    #[doc(hidden)]
    pub fn alias(self, _: impl Sized)
    where
        Self: TableOfASeries,
    {
    }
}

macro_rules! before_over {
    ($ty:ident: $($method:ident)*) => {
        impl<T> $ty<T> {
            $(
                #[doc(hidden)]
                pub fn $method<O>(self, _: O) -> Cond
                where
                    Self: WindowFunctionAlone,
                {
                    Cond(lit(true).node)
                }
            )*
        }
    };
}
before_over!(WindowFunction: eq ne lt le gt ge);
before_over!(Neighbour: eq ne lt le gt ge);

/// `User.name == "Ann"` is a `bool`, of which `filter` says what to write; where a `bool` is expected, the build says it. The size of
/// a type is never that, and is known only where the operator is used.
macro_rules! operators {
    ([$($generic:tt)*] $ty:ty) => {
        #[doc(hidden)]
        impl<$($generic)* T, O> PartialEq<O> for $ty {
            fn eq(&self, _: &O) -> bool {
                const {
                    assert!(
                        size_of::<O>() == usize::MAX,
                        "columns are compared by `.eq(..)` and `.ne(..)`, which make conditions"
                    );
                }
                false
            }
        }

        #[doc(hidden)]
        impl<$($generic)* T, O> PartialOrd<O> for $ty {
            fn partial_cmp(&self, _: &O) -> Option<std::cmp::Ordering> {
                const {
                    assert!(
                        size_of::<O>() == usize::MAX,
                        "columns are compared by `.lt(..)`, `.le(..)`, `.gt(..)` and `.ge(..)`, which make conditions"
                    );
                }
                None
            }
        }
    };
}
operators!([M,] Column<M, T>);
operators!([] Expr<T>);
