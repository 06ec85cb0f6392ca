//! The tests against a PostgreSQL server.

mod database;
mod server;
mod wire;
