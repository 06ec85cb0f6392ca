//! Statements on a connection: check, render, send, decode; the verbs of an engine and of a transaction.

mod about;
mod batch;
mod batch_send;
mod connection;
mod copy;
mod copy_out;
mod engine;
mod executor;
#[cfg(feature = "serde_json")]
mod explain;
mod fetch;
mod find;
mod get_or_insert;
mod mistaken;
mod nested;
mod notify;
mod page_after;
mod part;
mod single;
mod stream;
mod timeout;
mod transaction;
mod work;

pub use about::Page;
pub use batch::Batch;
pub use connection::TransactionConnection;
pub use copy_out::CopyStream;
pub use executor::Executor;
#[cfg(feature = "serde_json")]
pub use explain::{ExplainPlan, PlanBuffers, PlanNode};
pub(crate) use fetch::{decode, execute, fetch, finish, request};
pub(crate) use find::keys_of;
pub(crate) use get_or_insert::ROUNDS;
pub use page_after::CursorPage;
pub(crate) use single::{exactly_one, one_at_most};
pub use stream::RowStream;
pub use timeout::Timeout;
pub use transaction::Transaction;
pub(crate) use work::{ATTEMPTS, Sealed};
pub use work::{Work, WorkOnce};
