//! A statement with options of how it is run.

use std::time::Duration;

/// A statement with options of how it is run; made by `timeout` and `plan_each_time` of any statement.
#[derive(Clone, Debug)]
#[must_use = "a statement does nothing until an engine, a transaction or a session takes it"]
pub struct WithOptions<S> {
    pub(super) statement: S,
    pub(super) timeout: Option<Duration>,
    pub(super) plan_each_time: bool,
}

impl<S> WithOptions<S> {
    pub(super) fn timeout_of(statement: S, timeout: Duration) -> WithOptions<S> {
        WithOptions { statement, timeout: Some(timeout), plan_each_time: false }
    }

    pub(super) fn planned_each_time(statement: S) -> WithOptions<S> {
        WithOptions { statement, timeout: None, plan_each_time: true }
    }
}
