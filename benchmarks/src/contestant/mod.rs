//! Those who are measured: one data layer a file, behind one trait.

mod deadpool;
#[cfg(feature = "diesel")]
mod diesel;
#[cfg(feature = "diesel-async")]
mod diesel_async;
#[cfg(any(feature = "diesel", feature = "diesel-async"))]
mod diesel_model;
mod engine;
mod model;
mod raw;
mod raw_copy;
mod raw_pipelined;
mod raw_stream;
mod row;
#[cfg(feature = "sea-orm")]
mod sea_orm;
#[cfg(feature = "sea-orm")]
mod sea_orm_model;
mod session;
#[cfg(feature = "sqlx")]
mod sqlx;
#[cfg(feature = "toasty")]
mod toasty;

use std::future::Future;

use crate::Result;
use crate::cell::Workload;
use crate::digest::Digest;
use crate::measure::{self, Job, Measured};

/// A row that is to be inserted.
#[derive(Clone, Debug)]
pub(crate) struct NewRow {
    pub(crate) name: String,
    pub(crate) hair_color: Option<String>,
}

/// The arguments of a transaction of TPC-B.
#[derive(Clone, Copy, Debug)]
pub(crate) struct TpcB {
    pub(crate) account: i32,
    pub(crate) branch: i32,
    pub(crate) teller: i32,
    pub(crate) delta: i32,
}

/// What a contestant connects with.
#[derive(Clone, Debug)]
pub(crate) struct Access {
    pub(crate) url: String,
    pub(crate) connections: usize,
    pub(crate) workload: Workload,
}

/// The name users get in [`Contestant::change`] and [`Contestant::flush`]; longer than the one they begin with.
pub(crate) fn renamed(id: i64, revision: u64) -> String {
    format!("User {id} {}", revision % 10)
}

/// A data layer. Every operation reads or writes as its own documentation teaches, makes owned values of what it reads,
/// and folds them into a digest, so that nothing can be left out. What it does not do stays out of `DOES`.
pub(crate) trait Contestant: Sized + Send + Sync + 'static {
    /// The workloads it has an operation for.
    const DOES: &'static [Workload];
    /// Whether its futures block, so that each task needs a thread.
    const BLOCKS: bool = false;

    /// Connects and prepares; not measured.
    fn connect(access: Access) -> impl Future<Output = Result<Self>> + Send;

    /// All users.
    fn load(&mut self) -> impl Future<Output = Result<Digest>> {
        async { left_out() }
    }

    /// Users of a hair color with the post of each, if there is one, by name from the end.
    fn join(&mut self, _hair_color: &str) -> impl Future<Output = Result<Digest>> {
        async { left_out() }
    }

    /// Inserts rows, gives the digest of their keys.
    fn insert(&mut self, _rows: &[NewRow]) -> impl Future<Output = Result<Digest>> {
        async { left_out() }
    }

    /// Inserts rows, gives their number.
    fn insert_without_ids(&mut self, _rows: &[NewRow]) -> impl Future<Output = Result<Digest>> {
        async { left_out() }
    }

    /// All users with their posts.
    fn posts(&mut self) -> impl Future<Output = Result<Digest>> {
        async { left_out() }
    }

    /// All users with their posts with their comments.
    fn related(&mut self) -> impl Future<Output = Result<Digest>> {
        async { left_out() }
    }

    /// The same, of one moment.
    fn together(&mut self) -> impl Future<Output = Result<Digest>> {
        async { left_out() }
    }

    /// A user by key.
    fn by_key(&mut self, _id: i64) -> impl Future<Output = Result<Digest>> {
        async { left_out() }
    }

    /// The same over the pool; `task` is the number of the caller.
    fn by_key_pooled(&self, _task: usize, _id: i64) -> impl Future<Output = Result<Digest>> + Send {
        async { left_out() }
    }

    /// In a transaction, reads a user by key and changes the name; the digest is of what was read.
    fn change(&mut self, _id: i64, _revision: u64) -> impl Future<Output = Result<Digest>> {
        async { left_out() }
    }

    /// The transaction of `pgbench`, over the pool; gives the balance of the account.
    fn tpcb(&self, _task: usize, _arguments: TpcB) -> impl Future<Output = Result<i32>> + Send {
        async { left_out() }
    }

    /// In a transaction, reads all users, changes the name of each and writes all back; the digest is of what was read.
    fn flush(&mut self, _revision: u64) -> impl Future<Output = Result<Digest>> {
        async { left_out() }
    }

    /// All users, one after another, none kept.
    fn stream(&mut self) -> impl Future<Output = Result<Digest>> {
        async { left_out() }
    }
}

fn left_out<T>() -> Result<T> {
    Err("expected a workload that this contestant does: see its `DOES`".into())
}

/// What a contestant is compared as.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Kind {
    /// SQL and mapping by hand.
    Hand,
    Ours,
    Peer,
}

impl Kind {
    /// Of the contestant of a name.
    pub(crate) fn of(name: &str) -> Kind {
        match name {
            "engine" | "session" => Kind::Ours,
            "deadpool" | PGBENCH => Kind::Hand,
            _ if name.starts_with(FLOOR) => Kind::Hand,
            _ => Kind::Peer,
        }
    }
}

/// A contestant as the list below knows it.
pub(crate) struct Entry {
    pub(crate) name: &'static str,
    /// The package whose version the page names.
    pub(crate) package: &'static str,
    pub(crate) does: &'static [Workload],
    pub(crate) measure: fn(&Job) -> Result<Measured>,
}

impl Entry {
    const fn of<C: Contestant>(name: &'static str, package: &'static str) -> Entry {
        Entry { name, package, does: C::DOES, measure: measure::run::<C> }
    }

    /// The contestant of a name.
    pub(crate) fn find(name: &str) -> Option<&'static Entry> {
        ENTRIES.iter().find(|entry| entry.name == name)
    }
}

/// Whom everybody is compared with.
pub(crate) const FLOOR: &str = "raw";

/// A program of PostgreSQL's, which does TPC-B alone.
pub(crate) const PGBENCH: &str = "pgbench";

/// A script, which an interpreter runs.
pub(crate) const SQLALCHEMY: &str = "sqlalchemy";

/// All there may be, in the order of the tables.
pub(crate) const NAMES: &[&str] = &[
    FLOOR,
    "raw-stream",
    "raw-pipelined",
    "raw-copy",
    "deadpool",
    PGBENCH,
    "engine",
    "session",
    "diesel-async",
    "diesel",
    "sqlx",
    "sea-orm",
    "toasty",
    SQLALCHEMY,
];

/// All that were built in.
pub(crate) const ENTRIES: &[Entry] = &[
    Entry::of::<raw::Raw>(FLOOR, "tokio-postgres"),
    Entry::of::<raw_stream::RawStream>("raw-stream", "tokio-postgres"),
    Entry::of::<raw_pipelined::RawPipelined>("raw-pipelined", "tokio-postgres"),
    Entry::of::<raw_copy::RawCopy>("raw-copy", "tokio-postgres"),
    Entry::of::<deadpool::Deadpool>("deadpool", "deadpool-postgres"),
    Entry::of::<engine::OfEngine>("engine", "orm-core"),
    Entry::of::<session::OfSession>("session", "orm-core"),
    #[cfg(feature = "diesel-async")]
    Entry::of::<diesel_async::DieselAsync>("diesel-async", "diesel-async"),
    #[cfg(feature = "diesel")]
    Entry::of::<diesel::Diesel>("diesel", "diesel"),
    #[cfg(feature = "sqlx")]
    Entry::of::<sqlx::Sqlx>("sqlx", "sqlx"),
    #[cfg(feature = "sea-orm")]
    Entry::of::<sea_orm::SeaOrm>("sea-orm", "sea-orm"),
    #[cfg(feature = "toasty")]
    Entry::of::<toasty::Toasty>("toasty", "toasty"),
];
