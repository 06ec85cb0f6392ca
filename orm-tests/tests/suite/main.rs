//! The tests of orm-core, one binary.

mod database;
mod derive;
mod derive_strict;
mod server;
mod session_flush;
mod session_identity;
mod session_rollback;
mod session_write;
mod wire;
