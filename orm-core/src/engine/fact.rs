//! Remembers what an engine has found out about its database.

use std::collections::HashMap;
use std::hash::Hash;
use std::sync::{Mutex, PoisonError};

use crate::schema::KeyDefault;

/// What is true or false of a database, by an address that stands for a table.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub(crate) enum Fact {
    /// The role may lock rows of this table.
    LocksRows(usize),
    /// This table has triggers, which may write to others.
    HasTriggers(usize),
    /// Triggers of a table may give new rows other keys than the program gives them, by its address.
    ChangesKeys(usize),
    /// The columns of this table that hold moments have the types that the model says.
    HoldsMoments(usize),
}

/// Found out once, for as long as the engine lives.
#[derive(Debug, Default)]
pub(crate) struct Facts {
    truths: Known<Fact, bool>,
    key_defaults: Known<usize, KeyDefault>,
}

impl Facts {
    /// Whether it is so; `None` while nobody has asked.
    pub(crate) fn is_true(&self, fact: Fact) -> Option<bool> {
        self.truths.get(fact)
    }

    pub(crate) fn learn(&self, fact: Fact, is_true: bool) {
        self.truths.learn(fact, is_true);
    }

    /// How the database makes the keys of new rows, by the address of their column; `None` while nobody has asked.
    pub(crate) fn key_default(&self, column: usize) -> Option<KeyDefault> {
        self.key_defaults.get(column)
    }

    pub(crate) fn learn_key_default(&self, column: usize, default: KeyDefault) {
        self.key_defaults.learn(column, default);
    }
}

#[derive(Debug)]
struct Known<K, V>(Mutex<HashMap<K, V>>);

impl<K, V> Default for Known<K, V> {
    fn default() -> Self {
        Known(Mutex::default())
    }
}

impl<K: Eq + Hash, V: Clone> Known<K, V> {
    fn get(&self, key: K) -> Option<V> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).get(&key).cloned()
    }

    fn learn(&self, key: K, value: V) {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).insert(key, value);
    }
}
