//! A PostgreSQL server for tests, with a fresh database for each of them, and what tests share.

mod admin;
mod client;
mod database;
mod fixture;
pub mod models;
mod poll;
mod pooler;
mod random;
mod recorder;
mod roles;
mod server;
mod url;
mod wire;

pub use database::Database;
pub use fixture::{Fixture, with_ann};
pub use poll::{poll_awake, poll_times};
pub use pooler::PgBouncer;
pub use random::Random;
pub use recorder::{Recorded, Recorder};
pub use roles::{MEMBER, STRANGER};
pub use server::{
    Failover, OwnServer, Replication, Server, ServerError, ServerSettings, installed_programs, replication,
    server, try_server,
};
pub use wire::Proxy;
