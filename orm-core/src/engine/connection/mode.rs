//! What a transaction is begun with.

use std::borrow::Cow;
use std::fmt;

/// How far a transaction sees the work of others.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
#[non_exhaustive]
pub enum Isolation {
    /// What the database is set to; READ COMMITTED unless changed.
    #[default]
    ServerDefault,
    /// Each statement sees what was committed before it began.
    ReadCommitted,
    /// Every statement sees what was committed before the first one began.
    RepeatableRead,
    /// As if transactions ran one after the other; one that cannot fails and may be run again.
    Serializable,
}

/// What a transaction is begun with; everything as the server has it by default. An [`Isolation`] is one, too.
///
/// ```
/// # use orm_core::prelude::*;
/// let report = TransactionMode::from(Isolation::Serializable).read_only().deferrable();
/// ```
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct TransactionMode {
    pub(crate) isolation: Isolation,
    pub(crate) read_only: bool,
    pub(crate) deferrable: bool,
}

impl From<Isolation> for TransactionMode {
    fn from(isolation: Isolation) -> TransactionMode {
        TransactionMode { isolation, ..TransactionMode::default() }
    }
}

impl TransactionMode {
    /// As the server has it, but for that nothing can be written.
    pub const READ_ONLY: TransactionMode =
        TransactionMode { isolation: Isolation::ServerDefault, read_only: true, deferrable: false };

    /// How far it sees the work of others.
    ///
    /// ```no_run
    /// # use orm_core::prelude::*;
    /// # use orm_tests::models::*;
    /// # async fn example(engine: Engine) -> Result<(), Error> {
    /// let mode = TransactionMode::READ_ONLY.isolation(Isolation::RepeatableRead);
    /// let transaction = engine.begin_with(mode).await?;
    /// # Ok(())
    /// # }
    /// ```
    #[must_use]
    pub const fn isolation(self, isolation: Isolation) -> TransactionMode {
        TransactionMode { isolation, ..self }
    }

    /// The server refuses statements that write.
    ///
    /// ```no_run
    /// # use orm_core::prelude::*;
    /// # use orm_tests::models::*;
    /// # async fn example(engine: Engine) -> Result<(), Error> {
    /// let mode = TransactionMode::from(Isolation::RepeatableRead).read_only();
    /// let transaction = engine.begin_with(mode).await?;
    /// # Ok(())
    /// # }
    /// ```
    #[must_use]
    pub const fn read_only(self) -> TransactionMode {
        TransactionMode { read_only: true, ..self }
    }

    /// One that is serializable and read only waits at its begin until it can run without ever failing.
    ///
    /// ```no_run
    /// # use orm_core::prelude::*;
    /// # use orm_tests::models::*;
    /// # async fn example(engine: Engine) -> Result<(), Error> {
    /// let mode = TransactionMode::from(Isolation::Serializable).read_only().deferrable();
    /// let transaction = engine.begin_with(mode).await?;
    /// # Ok(())
    /// # }
    /// ```
    #[must_use]
    pub const fn deferrable(self) -> TransactionMode {
        TransactionMode { deferrable: true, ..self }
    }

    /// Whether such a transaction is one that a replica can run, too.
    pub(crate) fn only_reads(self) -> bool {
        // A hot standby has no SERIALIZABLE.
        self.read_only && self.isolation != Isolation::Serializable
    }

    pub(super) fn begin(self) -> Cow<'static, str> {
        if self == TransactionMode::default() { "BEGIN".into() } else { self.to_string().into() }
    }
}

impl fmt::Display for TransactionMode {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("BEGIN")?;
        f.write_str(match self.isolation {
            Isolation::ServerDefault => "",
            Isolation::ReadCommitted => " ISOLATION LEVEL READ COMMITTED",
            Isolation::RepeatableRead => " ISOLATION LEVEL REPEATABLE READ",
            Isolation::Serializable => " ISOLATION LEVEL SERIALIZABLE",
        })?;
        f.write_str(if self.read_only { " READ ONLY" } else { "" })?;
        f.write_str(if self.deferrable { " DEFERRABLE" } else { "" })
    }
}
