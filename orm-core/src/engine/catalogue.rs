//! Remembers what the catalogue of the database said of tables: triggers, and which foreign keys point where.

use std::collections::HashMap;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

/// By an address that stands for a table.
#[derive(Debug, Default)]
pub(crate) struct Catalogue(Mutex<HashMap<usize, Arc<Reach>>>);

/// A table of the database, and all tables that actions of foreign keys can reach from it.
#[derive(Debug)]
pub(crate) struct Reach {
    /// The table itself first.
    pub(crate) tables: Vec<LiveTable>,
    /// The foreign keys that point at one of them and do something about it.
    pub(crate) keys: Vec<LiveKey>,
    /// How many triggers they have, those of foreign keys included: another number shows that something has changed.
    pub(crate) triggers: i64,
}

#[derive(Debug)]
pub(crate) struct LiveTable {
    pub(crate) oid: i64,
    pub(crate) schema: String,
    pub(crate) name: String,
    /// Whether its name without the schema means it.
    pub(crate) is_visible: bool,
    /// Whether it is a table like most, whose rows the role can read: no partition, none that others inherit from, without
    /// rules and row security.
    pub(crate) is_plain: bool,
    /// On what triggers of users fire.
    pub(crate) triggers: Events,
}

#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) struct Events {
    pub(crate) insert: bool,
    pub(crate) update: bool,
    pub(crate) delete: bool,
}

#[derive(Debug)]
pub(crate) struct LiveKey {
    /// The place of its table.
    pub(crate) table: usize,
    pub(crate) columns: Vec<String>,
    /// The place of the table it points at.
    pub(crate) target: usize,
    pub(crate) target_columns: Vec<String>,
    pub(crate) on_delete: LiveAction,
    pub(crate) on_update: LiveAction,
    /// Whether a column it points at is computed, and so may change with any other.
    pub(crate) target_is_computed: bool,
    /// Whether the columns of both sides can be compared as they are.
    pub(crate) is_comparable: bool,
}

/// What happens to a row when the row it points at is deleted or gets another key.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum LiveAction {
    Nothing,
    Cascade,
    /// All columns of the key become their defaults.
    SetDefault,
    /// SET NULL, or SET DEFAULT of some columns.
    Set,
}

impl LiveAction {
    /// From the letter that the catalogue has for it.
    pub(crate) fn of(letter: &str) -> LiveAction {
        match letter {
            "c" => LiveAction::Cascade,
            "d" => LiveAction::SetDefault,
            "n" => LiveAction::Set,
            _ => LiveAction::Nothing,
        }
    }
}

impl Catalogue {
    /// What was said of a table; `None` while nobody has asked.
    pub(crate) fn reach(&self, table: usize) -> Option<Arc<Reach>> {
        self.known().get(&table).cloned()
    }

    pub(crate) fn learn(&self, table: usize, reach: Arc<Reach>) {
        self.known().insert(table, reach);
    }

    /// Something was found to have changed.
    pub(crate) fn forget(&self) {
        self.known().clear();
    }

    fn known(&self) -> MutexGuard<'_, HashMap<usize, Arc<Reach>>> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}
