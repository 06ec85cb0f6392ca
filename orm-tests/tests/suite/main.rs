//! The tests of orm-core, one binary.

mod derive;
mod derive_strict;
