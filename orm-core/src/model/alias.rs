//! The name of a table in a statement, where that is not the table's own.

use std::collections::BTreeSet;
use std::sync::{Mutex, PoisonError};

/// A name for a table, and what it stands for.
///
/// A derived table has the columns of a model too: under the same name the two are still not one.
#[doc(hidden)]
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Alias {
    name: &'static str,
    derived: bool,
}

impl Alias {
    /// Another name for a table.
    pub const fn new(name: &'static str) -> Alias {
        Alias { name, derived: false }
    }

    /// A name that was made at run time: kept once for as long as the program runs.
    pub(crate) fn made(name: &str) -> Alias {
        static MADE: Mutex<BTreeSet<&'static str>> = Mutex::new(BTreeSet::new());
        let mut made = MADE.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(name) = made.get(name) {
            return Alias::new(name);
        }
        let name: &'static str = name.to_owned().leak();
        made.insert(name);
        Alias::new(name)
    }

    /// The name of a derived table.
    pub(crate) const fn derived(name: &'static str) -> Alias {
        Alias { name, derived: true }
    }

    /// The name.
    pub const fn name(self) -> &'static str {
        self.name
    }

    /// Whether a statement must say what it stands for.
    pub(crate) const fn is_derived(self) -> bool {
        self.derived
    }
}
