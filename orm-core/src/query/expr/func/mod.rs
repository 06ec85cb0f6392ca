//! Functions of SQL, under SQL's names: `func::count(User.id)`.

mod aggregate;
mod array;
mod conditional;
#[cfg(feature = "serde_json")]
mod json;
#[cfg(feature = "serde_json")]
mod json_table;
mod later;
mod merge;
mod named;
mod number;
mod regexp;
mod sample;
mod search;
mod table;
mod text;
mod time;
mod window;

pub use crate::query::expr::each::{all, any};
pub use crate::query::expr::range::range;
pub use aggregate::{
    Continuous, Discrete, OrderedSet, array_agg, avg, bool_and, bool_or, count, count_all, count_distinct,
    count_star, grouping, max, min, mode, percentile_cont, percentile_disc, range_agg, stddev, stddev_pop,
    string_agg, sum, var_pop, variance,
};
pub use array::{
    array_append, array_cat, array_length, array_position, array_remove, array_to_string, cardinality,
    string_to_array,
};
pub use conditional::{Candidates, coalesce, greatest, least, nullif};
#[cfg(feature = "serde_json")]
pub use json::{
    jsonb_agg, jsonb_array_length, jsonb_build_array, jsonb_build_object, jsonb_object_agg,
    jsonb_path_exists, jsonb_path_query_array, jsonb_path_query_first, jsonb_set, jsonb_set_existing,
    jsonb_typeof, to_jsonb,
};
#[cfg(feature = "serde_json")]
pub use json_table::{JsonTable, json_table};
#[cfg(feature = "uuid")]
pub use later::uuidv7;
pub use later::{any_value, array_reverse, array_sort, casefold};
pub use merge::merge_action;
pub(crate) use named::declared;
pub use named::{aggregate, call};
pub use number::{Number, abs, ceil, exp, floor, ln, power, random, round, sign, sqrt, trunc};
pub use regexp::{
    RegexpPattern, WithFlags, regexp, regexp_count, regexp_instr, regexp_like, regexp_match, regexp_matches,
    regexp_replace, regexp_split_to_array, regexp_split_to_table, regexp_substr,
};
pub use sample::{TableSample, bernoulli, system};
pub use search::{
    Searched, phraseto_tsquery, plainto_tsquery, to_tsquery, to_tsvector, ts_headline, ts_rank,
    websearch_to_tsquery,
};
pub use table::{Numbered, Series, SeriesStart, TableFunction, generate_series, table, unnest};
#[cfg(feature = "serde_json")]
pub use table::{json_to_recordset, jsonb_to_recordset};
pub use text::{
    btrim, concat, concat_ws, format, initcap, left, length, lower, lpad, position, repeat, replace, reverse,
    right, rpad, split_part, strpos, substring, to_char, translate, trim, upper,
};
#[cfg(feature = "rust_decimal")]
pub use time::extract;
pub use time::{DatePart, IntoDatePart, age, age_today, at_time_zone, date_part, date_trunc};
#[cfg(feature = "chrono")]
pub use time::{current_date, date, now};
pub use window::{
    Neighbour, NeighbourOr, cume_dist, dense_rank, first_value, lag, lag_or, last_value, lead, lead_or,
    nth_value, ntile, percent_rank, rank, row_number,
};

use super::expression::node_of;
use super::function::node;
use super::{Expr, Scalar};
use crate::query::ast::{Name, Node, NullRule, Role};
use crate::types::SqlType;

/// The type of an expression without NULL.
type BaseOf<S> = <<S as Scalar>::Type as SqlType>::Base;
/// The type of an expression with NULL.
type NullableOf<S> = <<S as Scalar>::Type as SqlType>::Nullable;

/// `U`, with NULL if `T` has it.
type With<T, U> = <T as SqlType>::With<U>;
/// `U`, with NULL if `T` or `O` has it.
type WithBoth<T, O, U> = With<T, With<O, U>>;

/// A function that gives NULL where an argument is NULL, and only there.
fn strict_of<T>(name: &'static str, arguments: Vec<Node>) -> Expr<T> {
    Expr::new(node(Name::Known(name), arguments, Role::Scalar, NullRule::Strict))
}

/// A function of one argument that gives NULL for NULL.
fn strict<T>(name: &'static str, argument: impl Scalar) -> Expr<T> {
    strict_of(name, vec![node_of(argument)])
}
