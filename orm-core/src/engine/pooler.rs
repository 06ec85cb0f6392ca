//! What stands between a program and the server, and what can be relied on there.

/// What a program says of the pooler between it and the server, if there is one; see
/// [`EngineBuilder::pooler`](super::EngineBuilder::pooler).
///
/// A pooler in transaction mode gives each transaction another connection of the server. What belongs to a connection is
/// then another program's, or lost: prepared statements by name, settings, LISTEN.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
#[non_exhaustive]
pub enum Pooler {
    /// Each new connection tells by itself: behind a pooler the process id given at the login is not that of the server's
    /// process. There nothing is named and no setting outlives a transaction; on a direct connection both are used.
    #[default]
    Detect,
    /// Each connection is one connection of the server for as long as it is open: there is no pooler, or one in session
    /// mode. Statements are named, and settings are given to the connection.
    Session,
    /// A transaction, or a statement by itself, may get any connection of the server: nothing is named, and no setting
    /// outlives a transaction.
    Transaction,
    /// As [`Transaction`](Pooler::Transaction), but the pooler keeps prepared statements apart, as PgBouncer does from 1.21
    /// on with `max_prepared_statements` above zero: statements are named, and no setting outlives a transaction.
    PreparedStatements,
}

impl Pooler {
    /// Whether a statement can be found again by its name.
    pub(super) fn keeps_statements(self, is_found: bool) -> bool {
        match self {
            Pooler::Detect => !is_found,
            Pooler::Session | Pooler::PreparedStatements => true,
            Pooler::Transaction => false,
        }
    }

    /// Whether a setting of the connection holds for its next transaction, and for nobody else's.
    pub(super) fn keeps_settings(self, is_found: bool) -> bool {
        match self {
            Pooler::Detect => !is_found,
            Pooler::Session => true,
            Pooler::Transaction | Pooler::PreparedStatements => false,
        }
    }
}
