//! What a context comes to at the server, and what is known of the database where it holds.

use std::collections::HashMap;
use std::sync::{Arc, Mutex, PoisonError};

use super::Engine;
use super::catalogue::Catalogue;
use super::context::Context;
use super::fact::Facts;
use crate::error::Error;

/// A context as connections use it.
pub(super) struct Scope {
    pub(super) context: Context,
    /// What is sent behind BEGIN.
    sql: Result<Option<String>, Error>,
    pub(super) known: Arc<Known>,
}

impl Scope {
    pub(super) fn new(context: Context, known: Arc<Known>) -> Scope {
        let sql = context.sql();
        Scope { context, sql, known }
    }

    /// Refuses a context that cannot be sent.
    pub(super) fn check(&self) -> Result<(), Error> {
        self.sql.as_ref().map(|_| ()).map_err(Clone::clone)
    }

    pub(super) fn sql(&self) -> Option<&str> {
        self.sql.as_ref().ok()?.as_deref()
    }
}

/// What the database has said, which depends on the role that asks and on the schemas it looks into.
#[derive(Debug, Default)]
pub(super) struct Known {
    pub(super) facts: Facts,
    pub(super) catalogue: Catalogue,
}

/// A role, and a search path; empty where the context has none.
type View = (String, String);

/// What is known from each point of view.
#[derive(Debug, Default)]
pub(super) struct Views(Mutex<HashMap<View, Arc<Known>>>);

/// How many points of view are remembered: a program may have a schema for each of very many tenants.
const MOST: usize = 1024;

impl Views {
    pub(super) fn of(&self, view: View) -> Arc<Known> {
        let mut views = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        if views.len() >= MOST && !views.contains_key(&view) {
            // What is forgotten is asked again.
            views.clear();
        }
        Arc::clone(views.entry(view).or_default())
    }
}

impl Engine {
    /// This engine, whose statements run with a context: the settings and the role are set in the transaction of each, and
    /// end with it, so that the next user of the connection never has them, behind a pooler neither. It shares the
    /// pool and is cheap to make: one for each request of a program is fine.
    ///
    /// Everything of that engine has the context: statements, transactions, sessions, streams and inserts of many rows. It
    /// costs no round trip: a transaction sends it with BEGIN, and a statement by itself is sent with BEGIN, the context
    /// and COMMIT. Of a [`batch`](Engine::batch) statements that write take a round trip each, since each stands for
    /// itself; those of a batch that only reads share a transaction.
    ///
    /// Of an engine that has a context, this one adds to it, and comes over it where both say something.
    ///
    /// What PostgreSQL runs in no transaction (`VACUUM`, `CREATE INDEX CONCURRENTLY`) is for an engine without a context.
    ///
    /// ```no_run
    /// # use orm_core::prelude::*;
    /// # use orm_core::engine::Context;
    /// # #[derive(Model, Clone, Debug)]
    /// # struct Order {
    /// #     #[orm(primary_key, generated)]
    /// #     id: i64,
    /// # }
    /// # async fn orders(engine: Engine, tenant: i64) -> Result<(), orm_core::Error> {
    /// let engine = engine.with(Context::new().set("app.tenant", tenant).role("web_user"));
    /// let orders: Vec<Order> = engine.all(select(Order)).await?; // those that the row policies show
    /// # Ok(())
    /// # }
    /// ```
    ///
    /// # Errors
    /// A context that cannot be is an error of every statement, before anything is sent: a name without a dot that is none of
    /// the server's, NUL in a value. So is what the server refuses, such as a role that the login is no member of.
    #[must_use]
    pub fn with(&self, context: Context) -> Engine {
        let whole = match &self.scope {
            Some(scope) => scope.context.clone().and(context),
            None => context,
        };
        let known: Arc<Known> = match whole.point_of_view() {
            None => Arc::clone(&self.owner.shared.known),
            Some(view) => self.owner.shared.views.of(view),
        };
        Engine { scope: Some(Arc::new(Scope::new(whole, known))), ..self.clone() }
    }
}
