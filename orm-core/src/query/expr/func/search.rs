//! Full text search.

use super::{BaseOf, strict_of};
use crate::query::ast::{Binary, Node};
use crate::query::expr::condition::join;
use crate::query::expr::expression::node_of;
use crate::query::expr::{Column, Cond, Expr, Operand, Scalar};
use crate::types::{Parameter, PgType, SqlType, Text, TsQuery, TsVector};

static REGCONFIG: PgType = PgType {
    name: "regconfig",
    wire: tokio_postgres::types::Type::REGCONFIG,
    array: None,
    element: None,
    sent_as: None,
    labels: &[],
    fields: None,
};

fn configuration(name: &str) -> Node {
    Node::Cast(Box::new(Node::Parameter(Parameter::new(name.to_owned()))), &REGCONFIG)
}

/// A text as what can be searched, by a configuration such as `english` or `simple`:
/// `func::to_tsvector("english", Post.title).matches(func::websearch_to_tsquery("english", "cat -dog"))`.
///
/// An index on the expression is found only where the statement says the configuration as it does; a column of type
/// [`TsVector`] that the database computes is the surer way.
///
/// ```
/// # use orm_core::prelude::*;
/// # use orm_tests::models::*;
/// let words = func::to_tsvector("english", Post.title);
/// let found = select(Post).filter(words.matches(func::websearch_to_tsquery("english", "rust -java")));
/// ```
pub fn to_tsvector<S: Scalar>(name: &str, text: S) -> Expr<<S::Type as SqlType>::With<TsVector>>
where
    BaseOf<S>: Text,
{
    strict_of("to_tsvector", vec![configuration(name), node_of(text)])
}

macro_rules! queries {
    ($($(#[$doc:meta])* $name:ident),* $(,)?) => { $(
        $(#[$doc])*
        pub fn $name(configuration_name: &str, query: impl Operand<String>) -> Expr<TsQuery> {
            strict_of(stringify!($name), vec![configuration(configuration_name), query.operand().node])
        }
    )* };
}
queries!(
    /// A query as people type it into a search box: words, `"phrases"`, `or`, `-without`. Never an error.
    websearch_to_tsquery,
    /// A query for all words of a text.
    plainto_tsquery,
    /// A query for the words of a text one behind the other.
    phraseto_tsquery,
    /// A query in PostgreSQL's own language: `cat & !dog`. Other text is an error of the server.
    to_tsquery,
);

/// How well a text is matched: the more, the better.
pub fn ts_rank<S: Scalar>(
    text: S,
    query: impl Scalar<Type = TsQuery>,
) -> Expr<<S::Type as SqlType>::With<f32>>
where
    S::Type: SqlType<Base = TsVector>,
{
    strict_of("ts_rank", vec![node_of(text), node_of(query)])
}

/// A part of the text in which what is searched for is marked with `<b>`.
pub fn ts_headline<S: Scalar>(name: &str, text: S, query: impl Scalar<Type = TsQuery>) -> Expr<S::Type>
where
    BaseOf<S>: Text,
{
    strict_of("ts_headline", vec![configuration(name), node_of(text), node_of(query)])
}

macro_rules! searched {
    ([$($generic:tt)*] $ty:ty) => {
        impl<$($generic)* T: SqlType<Base = TsVector>> $ty {
            /// Whether a query finds it: `@@`.
            pub fn matches(&self, query: impl Operand<TsQuery>) -> Cond {
                Cond(join(Binary::TextMatches, node_of(self), query.operand().node))
            }
        }
    };
}
searched!([M,] Column<M, T>);
searched!([] Expr<T>);
