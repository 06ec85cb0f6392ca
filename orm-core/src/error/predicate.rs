//! What kind of error it is, as the program asks.

use std::error::Error as StdError;

use super::{Error, ErrorKind, KnownOutcome};

impl Error {
    /// A setting of an engine is wrong, or two contradict each other.
    ///
    /// ```no_run
    /// # use orm_core::prelude::*;
    /// # async fn example(url: &str) -> Result<(), Error> {
    /// match Engine::builder(url).pool_size(0).connect().await {
    ///     Err(error) => assert!(error.is_configuration()),
    ///     Ok(engine) => println!("{engine:?}"),
    /// }
    /// # Ok(())
    /// # }
    /// ```
    pub fn is_configuration(&self) -> bool {
        self.0.kind == ErrorKind::Configuration
    }

    /// A statement was refused before it was sent, because it cannot be what was meant.
    ///
    /// ```no_run
    /// # use orm_core::prelude::*;
    /// # use orm_tests::models::*;
    /// # async fn example(engine: Engine) -> Result<(), Error> {
    /// match engine.execute(delete(User)).await {
    ///     Err(error) => assert!(error.is_invalid_statement()), // neither a filter nor `all_rows()`
    ///     Ok(rows) => println!("{rows}"),
    /// }
    /// # Ok(())
    /// # }
    /// ```
    pub fn is_invalid_statement(&self) -> bool {
        self.0.kind == ErrorKind::Statement
    }

    /// `one` found no row.
    ///
    /// ```no_run
    /// # use orm_core::prelude::*;
    /// # use orm_tests::models::*;
    /// # async fn example(engine: Engine) -> Result<(), Error> {
    /// match engine.one(select(User).filter(User.id.eq(7))).await {
    ///     Err(error) if error.is_no_row() => println!("there is no such user"),
    ///     user => println!("{:?}", user?),
    /// }
    /// # Ok(())
    /// # }
    /// ```
    pub fn is_no_row(&self) -> bool {
        self.0.kind == ErrorKind::NoRow
    }

    /// `one` or `one_or_none` found more than one row.
    ///
    /// ```no_run
    /// # use orm_core::prelude::*;
    /// # use orm_tests::models::*;
    /// # async fn example(engine: Engine) -> Result<(), Error> {
    /// match engine.one_or_none(select(User).filter(User.name.eq("Ann"))).await {
    ///     Err(error) if error.is_many_rows() => println!("which Ann?"),
    ///     user => println!("{:?}", user?),
    /// }
    /// # Ok(())
    /// # }
    /// ```
    pub fn is_many_rows(&self) -> bool {
        self.0.kind == ErrorKind::ManyRows
    }

    /// A value of the database does not fit the Rust type it was read into.
    ///
    /// ```no_run
    /// # use orm_core::prelude::*;
    /// # use orm_tests::models::*;
    /// # async fn example(engine: Engine) -> Result<(), Error> {
    /// match engine.one(sql!("SELECT NULL::text").rows::<String>()).await {
    ///     Err(error) => assert!(error.is_decode()), // NULL is no `String`
    ///     Ok(text) => println!("{text}"),
    /// }
    /// # Ok(())
    /// # }
    /// ```
    pub fn is_decode(&self) -> bool {
        self.0.kind == ErrorKind::Decode
    }

    /// A value cannot be sent, because PostgreSQL has no place for it.
    ///
    /// ```no_run
    /// # use orm_core::prelude::*;
    /// # use orm_tests::models::*;
    /// # async fn example(engine: Engine) -> Result<(), Error> {
    /// match engine.execute(insert(User).values(NewUser::new("a\0b"))).await {
    ///     Err(error) if error.is_encode() => println!("PostgreSQL has no place for a NUL in text"),
    ///     other => println!("{}", other?),
    /// }
    /// # Ok(())
    /// # }
    /// ```
    pub fn is_encode(&self) -> bool {
        self.0.kind == ErrorKind::Encode
    }

    /// The server could not be reached, or refused the login.
    ///
    /// ```no_run
    /// # use orm_core::prelude::*;
    /// # async fn example(url: &str) -> Result<(), Error> {
    /// match Engine::builder(url).connect().await {
    ///     Err(error) if error.is_connect() => eprintln!("{error}"),
    ///     engine => println!("{:?}", engine?),
    /// }
    /// # Ok(())
    /// # }
    /// ```
    pub fn is_connect(&self) -> bool {
        matches!(self.0.kind, ErrorKind::Connect | ErrorKind::Unreachable)
    }

    /// The server could not be reached: its name is not known, nobody listens there, or nothing came in time. One that
    /// refuses the login is reached, and that is [`is_connect`](Error::is_connect) alone.
    ///
    /// ```no_run
    /// # use orm_core::prelude::*;
    /// # async fn example(url: &str) -> Result<(), Error> {
    /// match Engine::builder(url).connect().await {
    ///     Err(error) if error.is_unreachable() => eprintln!("is the server up? {error}"),
    ///     engine => println!("{:?}", engine?),
    /// }
    /// # Ok(())
    /// # }
    /// ```
    pub fn is_unreachable(&self) -> bool {
        self.errors().any(|error| error.0.kind == ErrorKind::Unreachable)
    }

    /// The connection broke while it was in use, or the server ended it.
    ///
    /// ```no_run
    /// # use orm_core::prelude::*;
    /// # use orm_tests::models::*;
    /// # async fn example(engine: Engine) -> Result<(), Error> {
    /// match engine.all(select(User)).await {
    ///     Err(error) if error.is_connection_lost() => println!("once more"),
    ///     users => println!("{}", users?.len()),
    /// }
    /// # Ok(())
    /// # }
    /// ```
    pub fn is_connection_lost(&self) -> bool {
        matches!(self.0.kind, ErrorKind::ConnectionLost | ErrorKind::OutcomeUnknown)
    }

    /// Nobody knows whether what was to be written is committed: the connection broke after COMMIT, or a statement of an
    /// engine that writes, was sent and before its answer came. Look for what would have been written before doing it again.
    ///
    /// ```no_run
    /// # use orm_core::prelude::*;
    /// # use orm_tests::models::*;
    /// # async fn example(engine: Engine) -> Result<(), Error> {
    /// match engine.execute(update(User).set(User.age, User.age + 1).all_rows()).await {
    ///     Err(error) if error.is_outcome_unknown() => println!("look whether it was done before doing it again"),
    ///     other => println!("{}", other?),
    /// }
    /// # Ok(())
    /// # }
    /// ```
    pub fn is_outcome_unknown(&self) -> bool {
        self.0.kind == ErrorKind::OutcomeUnknown || self.0.outcome == KnownOutcome::Unknown
    }

    /// What was to be written is committed all the same, and what went wrong is something else: a row that the statement
    /// gave back does not fit its Rust type, most of all (a default of `'infinity'`, a new label of an enum). Doing it again
    /// would do it twice: read what is there. Of the statements of [`batch`](crate::Engine::batch) this is about the one
    /// that the error names.
    ///
    /// Where this and [`is_outcome_unknown`](Error::is_outcome_unknown) are false, the error means that nothing is
    /// committed.
    ///
    /// ```no_run
    /// # use orm_core::prelude::*;
    /// # use orm_tests::models::*;
    /// # async fn example(engine: Engine) -> Result<(), Error> {
    /// match engine.all(update(User).set(User.age, 18).all_rows().returning(User.age.never_null())).await {
    ///     Err(error) if error.is_committed() => println!("done, and its rows could not be read: {error}"),
    ///     ages => println!("{:?}", ages?),
    /// }
    /// # Ok(())
    /// # }
    /// ```
    pub fn is_committed(&self) -> bool {
        self.0.outcome == KnownOutcome::Committed
    }

    /// The connection broke, here or in a cause, and nothing can have been committed.
    pub(crate) fn is_uncommitted_loss(&self) -> bool {
        let mut lost = false;
        let mut next: Option<&(dyn StdError + 'static)> = Some(self);
        while let Some(cause) = next {
            if let Some(error) = cause.downcast_ref::<Error>() {
                if error.is_outcome_unknown() || error.is_committed() {
                    return false;
                }
                lost |= error.0.kind == ErrorKind::ConnectionLost;
            }
            next = cause.source();
        }
        lost
    }

    /// A time limit was over: one of `timeout`, `statement_timeout`, `cancel_timeout`, `connect_timeout`, `acquire_timeout`
    /// or `liveness_timeout`, or one of the server that ends a statement or a transaction; here or in a cause.
    ///
    /// An administrator who cancels a statement (`pg_cancel_backend`) is told by the same code, and counts as one.
    /// [`is_lock_not_available`](Error::is_lock_not_available) tells of `lock_timeout`.
    ///
    /// ```no_run
    /// # use orm_core::prelude::*;
    /// # use orm_tests::models::*;
    /// # async fn example(engine: Engine) -> Result<(), Error> {
    /// # use std::time::Duration;
    /// match engine.timeout(Duration::from_secs(1)).all(select(User)).await {
    ///     Err(error) if error.is_timeout() => println!("it took too long"),
    ///     users => println!("{}", users?.len()),
    /// }
    /// # Ok(())
    /// # }
    /// ```
    pub fn is_timeout(&self) -> bool {
        let is_own = self.errors().any(|error| error.0.timed_out || error.0.kind == ErrorKind::PoolTimeout);
        is_own || self.is_canceled() || self.code() == Some("25P04")
    }

    /// No connection of the pool became free in time.
    ///
    /// ```no_run
    /// # use orm_core::prelude::*;
    /// # use orm_tests::models::*;
    /// # async fn example(engine: Engine) -> Result<(), Error> {
    /// match engine.all(select(User)).await {
    ///     Err(error) if error.is_pool_timeout() => println!("all {} connections are busy", engine.status().size),
    ///     users => println!("{}", users?.len()),
    /// }
    /// # Ok(())
    /// # }
    /// ```
    pub fn is_pool_timeout(&self) -> bool {
        self.0.kind == ErrorKind::PoolTimeout
    }

    /// The engine is closed: it was dropped, or [`close`](crate::Engine::close) was called.
    ///
    /// ```no_run
    /// # use orm_core::prelude::*;
    /// # use orm_tests::models::*;
    /// # async fn example(engine: Engine) -> Result<(), Error> {
    /// engine.close().await;
    /// match engine.all(select(User)).await {
    ///     Err(error) => assert!(error.is_closed()),
    ///     Ok(users) => println!("{}", users.len()),
    /// }
    /// # Ok(())
    /// # }
    /// ```
    pub fn is_closed(&self) -> bool {
        self.0.kind == ErrorKind::Closed
    }

    /// The transaction did not commit: an earlier error inside it, kept as the cause, made the server roll it back.
    ///
    /// ```no_run
    /// # use orm_core::prelude::*;
    /// # use orm_tests::models::*;
    /// # async fn example(engine: Engine) -> Result<(), Error> {
    /// let mut transaction = engine.begin().await?;
    /// let refused = transaction.execute(sql!("SELECT 1 / 0")).await; // not looked at
    /// match transaction.commit().await {
    ///     Err(error) => assert!(error.is_rolled_back()),
    ///     Ok(()) => println!("committed"),
    /// }
    /// # Ok(())
    /// # }
    /// ```
    pub fn is_rolled_back(&self) -> bool {
        self.0.kind == ErrorKind::RolledBack
    }

    /// A session, or a handle of it, was used in a way its state does not allow.
    ///
    /// ```no_run
    /// # use orm_core::prelude::*;
    /// # use orm_tests::models::*;
    /// # async fn example(mut session: Session) -> Result<(), Error> {
    /// let ann = session.add(NewUser::new("Ann"));
    /// session.delete(ann)?;
    /// match session.get(ann) {
    ///     Err(error) => assert!(error.is_session()), // it was deleted
    ///     Ok(user) => println!("{}", user.name),
    /// }
    /// # Ok(())
    /// # }
    /// ```
    pub fn is_session(&self) -> bool {
        self.0.kind == ErrorKind::Session
    }

    /// A row that a flush meant to change or delete was no longer there.
    ///
    /// ```no_run
    /// # use orm_core::prelude::*;
    /// # use orm_tests::models::*;
    /// # async fn example(mut session: Session) -> Result<(), Error> {
    /// let user = session.one(select(User).filter(User.id.eq(1))).await?;
    /// session[user].age = Some(30);
    /// match session.commit().await {
    ///     Err(error) if error.is_stale() => println!("somebody else has deleted it"),
    ///     done => done?,
    /// }
    /// # Ok(())
    /// # }
    /// ```
    pub fn is_stale(&self) -> bool {
        self.0.kind == ErrorKind::Stale
    }
}
