//! Makes sessions of one engine with the same options.

use super::{Options, Session};
use crate::engine::Engine;

/// Makes sessions of one engine, all with the same options. Cloning is cheap.
#[derive(Clone, Debug)]
pub struct SessionMaker {
    engine: Engine,
    options: Options,
}

impl SessionMaker {
    /// Sessions of this engine: `expire_on_commit` false, `autoflush` true.
    pub fn new(engine: Engine) -> SessionMaker {
        SessionMaker { engine, options: Options { expire_on_commit: false, autoflush: true } }
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

    /// A new session. It takes no connection before its first statement.
    pub fn session(&self) -> Session {
        Session::new(self.engine.clone(), self.options)
    }
}
