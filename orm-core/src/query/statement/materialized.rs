//! Whether a CTE is worked out once and kept.

use super::{Derived, TableRow};
use crate::query::ast::{Body, BodyKind, Content, Materialized};

impl<R: TableRow> Derived<R> {
    /// The CTE worked out once and kept, with all its rows (MATERIALIZED).
    ///
    /// Refused, when the statement is checked, of what is no CTE.
    ///
    /// ```
    /// # use orm_core::prelude::*;
    /// # use orm_tests::models::*;
    /// let adults = select((User.id, User.name)).filter(User.age.ge(18)).cte("adults").materialized();
    /// let names = select(adults.columns().1);
    /// ```
    pub fn materialized(self) -> Derived<R> {
        self.kept("materialized", Materialized::Yes)
    }

    /// The CTE worked out as a part of what reads it (NOT MATERIALIZED), so that the conditions on its rows reach into it.
    ///
    /// Refused, when the statement is checked, of what is no CTE.
    ///
    /// ```
    /// # use orm_core::prelude::*;
    /// # use orm_tests::models::*;
    /// let adults = select((User.id, User.name)).filter(User.age.ge(18)).cte("adults").not_materialized();
    /// let ann = select(&adults).filter(adults.columns().1.eq("Ann"));
    /// ```
    pub fn not_materialized(self) -> Derived<R> {
        self.kept("not_materialized", Materialized::No)
    }

    fn kept(self, method: &str, materialized: Materialized) -> Derived<R> {
        let body = self.body();
        let Body { at, kind, name, .. } = *body;
        let (kind, content) = match kind {
            BodyKind::Cte(_) => (BodyKind::Cte(materialized), body.content.clone()),
            BodyKind::Recursive => {
                let why =
                    format!("the recursive \"{name}\" is always worked out once: leave out `.{method}()`");
                (kind, Content::Refused(why.into()))
            }
            _ => {
                let why = format!("\"{name}\" is no CTE: `.{method}()` stands behind `.cte(\"{name}\")`");
                (kind, Content::Refused(why.into()))
            }
        };
        Derived::new(name, kind, content, at)
    }
}
