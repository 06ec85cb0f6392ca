//! The name of a table in a statement, where that is not the table's own.

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
