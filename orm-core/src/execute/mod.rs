//! Statements on a connection: check, render, send, decode; the verbs of an engine and of a transaction.

mod batch;
mod connection;
mod copy;
mod engine;
mod fetch;
mod part;
mod stream;
mod transaction;

pub use batch::Batch;
pub use connection::TransactionConnection;
pub(crate) use fetch::{decode, exactly_one, execute, fetch, one_at_most, request};
pub use stream::RowStream;
pub use transaction::Transaction;
