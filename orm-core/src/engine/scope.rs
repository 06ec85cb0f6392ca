//! What a context comes to at the server, and what is known of the database where it holds.

use std::collections::HashMap;
use std::sync::{Arc, Mutex, PoisonError};

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
