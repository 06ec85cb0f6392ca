//! How the server runs a statement, as data.

mod node;
mod read;
mod tree;
mod warning;

use std::time::Duration;

pub use node::{PlanBuffers, PlanNode};
use read::plan;

use super::TransactionConnection;
use crate::engine::Engine;
use crate::error::Error;
use crate::query::{self, Explained};

/// How the server runs a statement, made by [`explain_plan`](Engine::explain_plan) and
/// [`explain_analyze_plan`](Engine::explain_analyze_plan). `Display` prints it as a tree, with its
/// [`warnings`](ExplainPlan::warnings) below.
#[derive(Clone, Debug, PartialEq)]
#[non_exhaustive]
pub struct ExplainPlan {
    /// The node that gives the rows of the statement.
    pub root: PlanNode,
    /// How long planning took, where the statement was run.
    pub planning_time: Option<Duration>,
    /// How long it ran, triggers included, where it was run.
    pub execution_time: Option<Duration>,
}

impl ExplainPlan {
    /// All nodes, each before those below it.
    ///
    /// ```no_run
    /// # use orm_core::prelude::*;
    /// # use orm_tests::models::*;
    /// # async fn example(engine: Engine) -> Result<(), Error> {
    /// let plan = engine.explain_plan(select(User).filter(User.age.ge(18))).await?;
    /// let scans = plan.nodes().filter(|node| node.name.ends_with("Scan")).count();
    /// # Ok(())
    /// # }
    /// ```
    pub fn nodes(&self) -> impl Iterator<Item = &PlanNode> {
        let mut open = vec![&self.root];
        std::iter::from_fn(move || {
            let node = open.pop()?;
            open.extend(node.children.iter().rev());
            Some(node)
        })
    }
}

const PLAN: &str = "(FORMAT JSON) ";
const RUN: &str = "(ANALYZE, BUFFERS, FORMAT JSON) ";

/// The only row, of a statement that is sent.
fn only(rows: Vec<serde_json::Value>) -> Result<ExplainPlan, Error> {
    let Some(document) = rows.into_iter().next() else {
        return Err(Error::statement_invalid("nothing would be sent to the server, so there is no plan"));
    };
    plan(&document).ok_or_else(|| Error::decode("the server gave a plan in a form that is not known here"))
}

/// Writes the verbs for an engine and a transaction.
macro_rules! verbs {
    ($on:ty, [$($borrow:tt)+]) => {
        impl $on {
            /// How the server would run a statement, as data; it is not run.
            ///
            /// ```no_run
            /// # use orm_core::prelude::*;
            /// # use orm_tests::models::*;
            /// # async fn example(engine: Engine) -> Result<(), Error> {
            /// let plan = engine.explain_plan(select(User).filter(User.age.ge(18))).await?;
            /// println!("{plan}");
            /// assert!(plan.nodes().all(|node| node.relation.as_deref() != Some("posts")));
            /// # Ok(())
            /// # }
            /// ```
            ///
            /// # Errors
            /// If the statement is refused before or by the server, or nothing would be sent, as of an insert of no rows.
            pub async fn explain_plan(
                self: $($borrow)+ Self,
                statement: impl Explained,
            ) -> Result<ExplainPlan, Error> {
                only(self.all(query::explain(&statement, PLAN, false)?).await?)
            }

            /// Runs a statement, and tells how the server ran it, as data, with rows, times and buffers, and with
            /// [`warnings`](ExplainPlan::warnings) of what is worth a look. **What it writes is written**: in a
            /// transaction it can be rolled back.
            ///
            /// ```no_run
            /// # use orm_core::prelude::*;
            /// # use orm_tests::models::*;
            /// # async fn example(engine: Engine) -> Result<(), Error> {
            /// let plan = engine.explain_analyze_plan(select(User).filter(User.age.ge(18))).await?;
            /// assert_eq!(plan.warnings(), Vec::<String>::new(), "{plan}");
            /// # Ok(())
            /// # }
            /// ```
            ///
            /// # Errors
            /// As [`explain_plan`](Self::explain_plan).
            pub async fn explain_analyze_plan(
                self: $($borrow)+ Self,
                statement: impl Explained,
            ) -> Result<ExplainPlan, Error> {
                only(self.all(query::explain(&statement, RUN, true)?).await?)
            }
        }
    };
}
verbs!(Engine, [&]);
verbs!(TransactionConnection, [&mut]);
