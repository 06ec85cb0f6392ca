//! The tests of orm-core, one binary.

mod check;
mod database;
mod ddl;
mod derive;
mod derive_strict;
mod loading;
mod select_group;
mod select_rows;
mod select_text;
mod server;
mod types;
mod wire;
mod write;
