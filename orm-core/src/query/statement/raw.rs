//! SQL of the program: a statement by itself, or a part of another.

use std::fmt;
use std::ops::{BitAnd, BitOr, Not};
use std::panic::Location;
use std::sync::Arc;

use super::from_row::{FromRow, by_position};
use super::{Command, LiveRows, Make, Plan, Query, Sql, Writes};
use crate::error::Error;
use crate::model::{Row, Tracker};
use crate::query::ast::{Node, Raw, SqlText};
use crate::query::expr::{Cond, Expr, IntoCond};
use crate::query::outline;
use crate::query::render::Rendered;
use crate::types::SqlType;

/// SQL of the program, made by [`sql!`](crate::sql!) or [`sql_text`]: a statement, a condition or an expression.
///
/// It is executed as it is, or becomes a statement that gives rows ([`rows`](RawSql::rows)), a condition
/// ([`cond`](RawSql::cond)) or an expression ([`expr`](RawSql::expr)). Nothing is known of it but what stands in its
/// braces: a session that executes it flushes before, and reads every object again that it is asked for after.
#[derive(Clone, Debug)]
#[must_use = "SQL does nothing until an engine, a transaction or a session takes it"]
pub struct RawSql(pub(crate) Arc<Raw>);

/// SQL of the program that gives rows of type `R`.
#[must_use = "a statement does nothing until an engine, a transaction or a session takes it"]
pub struct RawRows<R> {
    raw: RawSql,
    make: Make<R>,
}

/// Text made at run time as SQL, as it is: **nothing in it is checked or escaped**.
///
/// [`sql!`](crate::sql!) takes a literal, which cannot hold what came from outside, and values as parameters; a piece made
/// by this can stand in its braces.
///
/// ```no_run
/// # use orm_core::prelude::*;
/// # async fn example(engine: Engine, descending: bool) -> Result<(), orm_core::Error> {
/// let order = sql_text(if descending { "DESC" } else { "ASC" });
/// let names: Vec<String> = engine.all(sql!("SELECT name FROM users ORDER BY name {order}").rows()).await?;
/// # Ok(())
/// # }
/// ```
#[track_caller]
pub fn sql_text(text: impl Into<String>) -> RawSql {
    let at = Some(Location::caller());
    RawSql(Arc::new(Raw { texts: vec![SqlText::Made(text.into().into())], nodes: Vec::new(), at }))
}

impl RawSql {
    /// As a statement that gives rows: a tuple or a value by position, of just as many columns; a model by the names of its
    /// columns, whatever their order and whatever else is there.
    ///
    /// In a session models are handles, as from any other statement.
    ///
    /// ```no_run
    /// # use orm_core::prelude::*;
    /// # use orm_tests::models::*;
    /// # async fn example(engine: Engine) -> Result<(), Error> {
    /// let ages: Vec<(Option<i32>, i64)> =
    ///     engine.all(sql!("SELECT age, count(*) FROM {User} GROUP BY age").rows()).await?;
    /// # Ok(())
    /// # }
    /// ```
    pub fn rows<R: FromRow>(self) -> RawRows<R> {
        let make = match R::names() {
            None => Make::Decode(by_position::<R>),
            Some(names) => Make::Named(names, R::from_row),
        };
        RawRows { raw: self, make }
    }

    /// As a condition of another statement, which it is by itself where one is expected: in `filter`, `join`, `&` and `|`.
    ///
    /// ```
    /// # use orm_core::prelude::*;
    /// # use orm_tests::models::*;
    /// let word = "rust";
    /// let posts = select(Post).filter(sql!("{Post.title} ~* {word}").cond()); // or without `cond`
    /// ```
    pub fn cond(self) -> Cond {
        Cond(Node::Raw(self.0))
    }

    /// As an expression of this type in another statement. Whether it is NULL nobody checks: say `Option` where it may be.
    ///
    /// ```
    /// # use orm_core::prelude::*;
    /// # use orm_tests::models::*;
    /// let lengths = select(sql!("length({Post.title})").expr::<i32>());
    /// ```
    pub fn expr<T: SqlType>(self) -> Expr<T> {
        let node = Node::Raw(self.0);
        Expr::from_node(if T::NULLABLE { node } else { Node::NeverNull(Box::new(node)) })
    }

    /// The text and parameters.
    ///
    /// # Errors
    /// If a `select` in its braces cannot be what was meant.
    ///
    /// ```
    /// # use orm_core::prelude::*;
    /// # use orm_tests::models::*;
    /// let id = 1_i64;
    /// let statement = sql!("DELETE FROM {Post} WHERE {Post.id} = {id}");
    /// assert!(statement.to_sql()?.text.ends_with("= $1"));
    /// # Ok::<(), Error>(())
    /// ```
    pub fn to_sql(&self) -> Result<Sql, Error> {
        Command::to_sql(self)
    }
}

#[diagnostic::do_not_recommend]
impl IntoCond for RawSql {
    fn into_cond(self) -> Cond {
        self.cond()
    }
}

impl<C: IntoCond> BitAnd<C> for RawSql {
    type Output = Cond;

    fn bitand(self, other: C) -> Cond {
        self.cond() & other
    }
}

impl<C: IntoCond> BitOr<C> for RawSql {
    type Output = Cond;

    fn bitor(self, other: C) -> Cond {
        self.cond() | other
    }
}

impl Not for RawSql {
    type Output = Cond;

    fn not(self) -> Cond {
        !self.cond()
    }
}

#[diagnostic::do_not_recommend]
impl Command for RawSql {
    type Rows = LiveRows;

    fn rendered(&self) -> Result<Rendered, Error> {
        outline::rendered(&*self.0)
    }

    fn writes(&self) -> Writes<'_> {
        Writes::Anything
    }
}

impl<R: Row> Query for RawRows<R> {
    type Row = R;
    type Tracked = R::Tracked;
    type Limited = Self;

    fn plan(&self) -> Result<Plan<R>, Error> {
        let rendered = self.raw.rendered()?;
        let what = rendered.text.what;
        Ok(Plan { rendered, make: self.make.clone(), what })
    }

    fn track<K: Tracker>(row: R, tracker: &mut K) -> R::Tracked {
        row.track(tracker)
    }

    fn at_most(self, _rows: u8) -> Self {
        self
    }

    /// What its functions do, nobody knows.
    fn only_reads(&self) -> bool {
        false
    }

    fn writes(&self) -> Writes<'_> {
        if self.raw.may_write() || self.raw.0.has_writing_cte() { Writes::Anything } else { Writes::Nothing }
    }
}

impl<R> RawRows<R> {
    pub(super) fn into_raw(self) -> Arc<Raw> {
        self.raw.0
    }

    /// The text and parameters.
    ///
    /// # Errors
    /// If a `select` in its braces cannot be what was meant.
    ///
    /// ```
    /// # use orm_core::prelude::*;
    /// # use orm_tests::models::*;
    /// let ids = sql!("SELECT id FROM {Post} LIMIT {}", 10_i64).rows::<i64>();
    /// assert!(ids.to_sql()?.text.ends_with("LIMIT $1"));
    /// # Ok::<(), Error>(())
    /// ```
    pub fn to_sql(&self) -> Result<Sql, Error> {
        self.raw.to_sql()
    }
}

impl<R> Clone for RawRows<R> {
    fn clone(&self) -> Self {
        RawRows { raw: self.raw.clone(), make: self.make.clone() }
    }
}

impl<R> fmt::Debug for RawRows<R> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.raw.fmt(f)
    }
}

/// The words of SQL without which a statement writes nothing, but by what a function does.
const WRITING: [&str; 8] = ["insert", "update", "delete", "merge", "truncate", "call", "do", "into"];

impl RawSql {
    /// Whether a word of its text could make it write.
    fn may_write(&self) -> bool {
        fn writes(raw: &Raw) -> bool {
            let in_text = |text: &SqlText| {
                let words = text.as_str().split(|c: char| !c.is_alphanumeric() && c != '_');
                words.into_iter().any(|word| WRITING.iter().any(|writing| word.eq_ignore_ascii_case(writing)))
            };
            let inner = |node: &Node| matches!(node, Node::Raw(inner) if writes(inner));
            raw.texts.iter().any(in_text) || raw.nodes.iter().any(inner)
        }
        writes(&self.0)
    }
}
