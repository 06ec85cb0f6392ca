//! A PostgreSQL server for tests, with a fresh database for each of them.

mod admin;
mod client;
mod database;
mod server;
mod url;
mod wire;

pub use database::Database;
pub use server::{Server, ServerError, installed_programs, server, try_server};
pub use wire::Proxy;
