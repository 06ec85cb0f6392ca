//! The tests of orm-core, one binary.

#![allow(clippy::unwrap_used, reason = "a test that meets an error has failed")]

mod cargo;
mod database;
mod derive;
mod derive_strict;
mod readme;
mod rooms;
mod server;
mod session_flush;
mod session_identity;
mod session_rollback;
mod session_write;
mod transaction;
mod wire;
