//! Makes sessions of one engine with the same options.

use std::panic::Location;
use std::time::Duration;

use super::hook::Hooks;
use super::retry::Retry;
use super::{Options, Session};
use crate::engine::{Engine, TransactionMode};

/// Makes sessions of one engine, all with the same options. Cloning is cheap.
#[derive(Clone, Debug)]
pub struct SessionMaker {
    engine: Engine,
    options: Options,
    pub(super) retry: Retry,
    pub(super) hooks: Hooks,
}

impl SessionMaker {
    /// Sessions of this engine: `expire_on_commit` false, `autoflush` true, transactions as the engine begins them.
    pub fn new(engine: Engine) -> SessionMaker {
        SessionMaker {
            engine,
            options: Options { expire_on_commit: false, autoflush: true, mode: None },
            retry: Retry { attempts: 5, first: Duration::from_millis(20), longest: Duration::from_secs(1) },
            hooks: Hooks::default(),
        }
    }

    /// Whether a commit makes all objects of the session expired, so that [`find`](Session::find) reads them again;
    /// false by default.
    #[must_use]
    pub fn expire_on_commit(mut self, expire: bool) -> SessionMaker {
        self.options.expire_on_commit = expire;
        self
    }

    /// Whether pending changes are flushed before each query; true by default.
    #[must_use]
    pub fn autoflush(mut self, autoflush: bool) -> SessionMaker {
        self.options.autoflush = autoflush;
        self
    }

    /// What transactions of the sessions begin with: an isolation level, read only; what the engine says by default.
    #[must_use]
    pub fn transaction_mode(mut self, mode: impl Into<TransactionMode>) -> SessionMaker {
        self.options.mode = Some(mode.into());
        self
    }

    /// How often [`run`](SessionMaker::run) does its work at most, the first time included; 5 by default.
    #[must_use]
    pub fn attempts(mut self, attempts: u32) -> SessionMaker {
        self.retry.attempts = attempts;
        self
    }

    /// How long [`run`](SessionMaker::run) waits before it does its work again: up to `first` after the first time, twice
    /// as long after each further one, never longer than `longest`; 20 milliseconds and one second by default.
    #[must_use]
    pub fn backoff(mut self, first: Duration, longest: Duration) -> SessionMaker {
        (self.retry.first, self.retry.longest) = (first, longest);
        self
    }

    /// A new session. It takes no connection before its first statement.
    #[track_caller]
    pub fn session(&self) -> Session {
        Session::new(self.engine.clone(), self.options, self.hooks.clone(), Location::caller())
    }
}
