//! The tests of orm-core, one binary.

#![allow(clippy::unwrap_used, reason = "a test that meets an error has failed")]

mod cargo;
mod check;
mod database;
mod ddl;
mod derive;
mod derive_strict;
mod loading;
mod mistakes;
mod readme;
mod rooms;
mod select_case;
mod select_function;
mod select_group;
mod select_lock;
mod select_pattern;
mod select_rows;
mod select_text;
mod select_unexpected;
mod select_window;
mod server;
mod session_dropping;
mod session_flush;
mod session_identity;
mod session_nested;
mod session_nested_object;
mod session_reference;
mod session_rollback;
mod session_run;
mod session_tour;
mod session_transaction;
mod session_write;
mod transaction;
mod types;
mod types_array;
mod types_interval;
mod types_json;
mod types_more;
mod wire;
mod write;
