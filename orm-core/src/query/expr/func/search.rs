//! Full text search.

use super::{BaseOf, With, WithBoth, strict_of};
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
        pub fn $name<O: Operand<String>>(configuration_name: &str, query: O) -> Expr<With<O::Type, TsQuery>> {
            strict_of(stringify!($name), vec![configuration(configuration_name), query.operand().node])
        }
    )* };
}
queries!(
    /// A query as people type it into a search box: words, `"phrases"`, `or`, `-without`. Never an error.
    ///
    /// ```
    /// # use orm_core::prelude::*;
    /// # use orm_tests::models::*;
    /// let query = func::websearch_to_tsquery("english", r#"rust "async orm" -java"#);
    /// let posts = select(Post).filter(func::to_tsvector("english", Post.title).matches(query));
    /// ```
    websearch_to_tsquery,
    /// A query for all words of a text.
    ///
    /// ```
    /// # use orm_core::prelude::*;
    /// # use orm_tests::models::*;
    /// let query = func::plainto_tsquery("english", "rust orm");
    /// let posts = select(Post).filter(func::to_tsvector("english", Post.title).matches(query));
    /// ```
    plainto_tsquery,
    /// A query for the words of a text one behind the other.
    ///
    /// ```
    /// # use orm_core::prelude::*;
    /// # use orm_tests::models::*;
    /// let query = func::phraseto_tsquery("english", "async orm");
    /// let posts = select(Post).filter(func::to_tsvector("english", Post.title).matches(query));
    /// ```
    phraseto_tsquery,
    /// A query in PostgreSQL's own language: `cat & !dog`. Other text is an error of the server.
    ///
    /// ```
    /// # use orm_core::prelude::*;
    /// # use orm_tests::models::*;
    /// let query = func::to_tsquery("english", "rust & !java");
    /// let posts = select(Post).filter(func::to_tsvector("english", Post.title).matches(query));
    /// ```
    to_tsquery,
);

/// How well a text is matched: the more, the better.
///
/// ```
/// # use orm_core::prelude::*;
/// # use orm_tests::models::*;
/// let rank = func::ts_rank(func::to_tsvector("english", Post.title), func::to_tsquery("english", "rust"));
/// let best = select(Post).order_by(rank.desc()).limit(10);
/// ```
pub fn ts_rank<S: Scalar, Q: Scalar<Type: SqlType<Base = TsQuery>>>(
    text: S,
    query: Q,
) -> Expr<WithBoth<Q::Type, S::Type, f32>>
where
    S::Type: SqlType<Base = TsVector>,
{
    strict_of("ts_rank", vec![node_of(text), node_of(query)])
}

/// A part of the text in which what is searched for is marked with `<b>`.
///
/// ```
/// # use orm_core::prelude::*;
/// # use orm_tests::models::*;
/// let query = func::websearch_to_tsquery("english", "rust");
/// let marked = select(func::ts_headline("english", Post.title, query));
/// ```
pub fn ts_headline<S: Scalar, Q: Scalar<Type: SqlType<Base = TsQuery>>>(
    name: &str,
    text: S,
    query: Q,
) -> Expr<<Q::Type as SqlType>::With<S::Type>>
where
    BaseOf<S>: Text,
{
    strict_of("ts_headline", vec![configuration(name), node_of(text), node_of(query)])
}

/// What a query of a text search looks through.
#[diagnostic::on_unimplemented(
    message = "`matches` is of text search, and `{Self}` is no `TsVector`",
    label = "write `.regexp(\"^a\")` or `.iregexp(..)` for a regular expression, `.like(\"a%\")` for a pattern",
    note = "words are searched in `func::to_tsvector(\"english\", Post.title).matches(func::websearch_to_tsquery(\"english\", \"rust\"))`"
)]
pub trait Searched {}

impl Searched for TsVector {}

macro_rules! searched {
    ([$($generic:tt)*] $ty:ty) => {
        impl<$($generic)* T: SqlType> $ty {
            /// Whether a query finds it: `@@`.
            ///
            /// ```
            /// # use orm_core::prelude::*;
            /// # use orm_tests::models::*;
            /// let words = func::to_tsvector("english", Post.title);
            /// let posts = select(Post).filter(words.matches(func::plainto_tsquery("english", "rust")));
            /// ```
            pub fn matches<Q>(&self, query: Q) -> Cond
            where
                T::Base: Searched,
                Q: Operand<TsQuery>,
            {
                Cond(join(Binary::TextMatches, node_of(self), query.operand().node))
            }
        }
    };
}
searched!([M,] Column<M, T>);
searched!([] Expr<T>);
