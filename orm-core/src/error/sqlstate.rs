//! What the server's code of an error (SQLSTATE) means.

use tokio_postgres::error::SqlState;

use super::Error;

impl Error {
    /// The role lacks a right that the statement needs.
    ///
    /// ```no_run
    /// # use orm_core::prelude::*;
    /// # use orm_tests::models::*;
    /// # async fn example(engine: Engine) -> Result<(), Error> {
    /// match engine.execute(delete(User).all_rows()).await {
    ///     Err(error) if error.is_insufficient_privilege() => println!("the role may not do that"),
    ///     other => println!("{}", other?),
    /// }
    /// # Ok(())
    /// # }
    /// ```
    pub fn is_insufficient_privilege(&self) -> bool {
        self.has_code(&SqlState::INSUFFICIENT_PRIVILEGE)
    }

    /// A unique or primary-key constraint was violated.
    ///
    /// ```no_run
    /// # use orm_core::prelude::*;
    /// # use orm_tests::models::*;
    /// # async fn example(engine: Engine) -> Result<(), Error> {
    /// match engine.one(insert(NewUser::new("Ann")).returning(User)).await {
    ///     Err(error) if error.is_unique_violation() => println!("{:?} is taken", error.constraint()),
    ///     other => println!("{}", other?.id),
    /// }
    /// # Ok(())
    /// # }
    /// ```
    pub fn is_unique_violation(&self) -> bool {
        self.has_code(&SqlState::UNIQUE_VIOLATION)
    }

    /// A foreign key was violated: its target does not exist, or is still referenced.
    ///
    /// ```no_run
    /// # use orm_core::prelude::*;
    /// # use orm_tests::models::*;
    /// # async fn example(engine: Engine) -> Result<(), Error> {
    /// match engine.execute(insert(Post).values(NewPost::new(1, "Hello"))).await {
    ///     Err(error) if error.is_foreign_key_violation() => println!("there is no such user"),
    ///     other => println!("{}", other?),
    /// }
    /// # Ok(())
    /// # }
    /// ```
    pub fn is_foreign_key_violation(&self) -> bool {
        // Since PostgreSQL 18 one that says RESTRICT has a code of its own.
        self.has_code(&SqlState::FOREIGN_KEY_VIOLATION) || self.has_code(&SqlState::RESTRICT_VIOLATION)
    }

    /// A check constraint was violated.
    ///
    /// ```no_run
    /// # use orm_core::prelude::*;
    /// # use orm_tests::models::*;
    /// # async fn example(engine: Engine) -> Result<(), Error> {
    /// match engine.execute(update(User).set(User.age, -1).all_rows()).await {
    ///     Err(error) if error.is_check_violation() => println!("{:?}", error.constraint()),
    ///     other => println!("{}", other?),
    /// }
    /// # Ok(())
    /// # }
    /// ```
    pub fn is_check_violation(&self) -> bool {
        self.has_code(&SqlState::CHECK_VIOLATION)
    }

    /// NULL was stored in a column that is NOT NULL.
    ///
    /// ```no_run
    /// # use orm_core::prelude::*;
    /// # use orm_tests::models::*;
    /// # async fn example(engine: Engine) -> Result<(), Error> {
    /// match engine.execute(sql!("INSERT INTO users (name) VALUES (NULL)")).await {
    ///     Err(error) if error.is_not_null_violation() => println!("{:?} is needed", error.column()),
    ///     other => println!("{}", other?),
    /// }
    /// # Ok(())
    /// # }
    /// ```
    pub fn is_not_null_violation(&self) -> bool {
        self.has_code(&SqlState::NOT_NULL_VIOLATION)
    }

    /// An exclusion constraint was violated.
    ///
    /// ```no_run
    /// # use orm_core::prelude::*;
    /// # use orm_tests::models::*;
    /// # async fn example(engine: Engine) -> Result<(), Error> {
    /// match engine.execute(sql!("INSERT INTO bookings (room) VALUES (1)")).await {
    ///     Err(error) if error.is_exclusion_violation() => println!("the room is taken"),
    ///     other => println!("{}", other?),
    /// }
    /// # Ok(())
    /// # }
    /// ```
    pub fn is_exclusion_violation(&self) -> bool {
        self.has_code(&SqlState::EXCLUSION_VIOLATION)
    }

    /// Running the transaction again may succeed: the server could not serialize it with others, found a deadlock, had
    /// lost or outdated a prepared statement of it (after ALTER TABLE, most of all), or does not write any more where
    /// `target_session_attrs` asks for one that does.
    ///
    /// ```no_run
    /// # use orm_core::prelude::*;
    /// # use orm_tests::models::*;
    /// # async fn example(engine: Engine) -> Result<(), Error> {
    /// for _ in 0..3 {
    ///     match engine.execute(update(User).set(User.age, User.age + 1).all_rows()).await {
    ///         Err(error) if error.is_retryable() => continue, // `SessionMaker::run` does it by itself
    ///         other => return other.map(|_| ()),
    ///     }
    /// }
    /// # Ok(())
    /// # }
    /// ```
    pub fn is_retryable(&self) -> bool {
        self.has_code(&SqlState::T_R_SERIALIZATION_FAILURE)
            || self.has_code(&SqlState::T_R_DEADLOCK_DETECTED)
            || self.database().is_some_and(Error::is_stale_statement)
            || self.errors().any(|error| error.0.is_of_demoted_server)
    }

    /// The server could not serialize the transaction with others.
    pub(crate) fn is_serialization_failure(&self) -> bool {
        self.has_code(&SqlState::T_R_SERIALIZATION_FAILURE)
    }

    /// A row is locked by somebody else, and the statement was not to wait (`nowait`), or not so long (`lock_timeout`).
    ///
    /// ```no_run
    /// # use orm_core::prelude::*;
    /// # use orm_tests::models::*;
    /// # async fn example(engine: Engine) -> Result<(), Error> {
    /// let mut transaction = engine.begin().await?;
    /// match transaction.one(select(User).filter(User.id.eq(1)).for_update().nowait()).await {
    ///     Err(error) if error.is_lock_not_available() => println!("somebody else works on it"),
    ///     user => println!("{:?}", user?),
    /// }
    /// # Ok(())
    /// # }
    /// ```
    pub fn is_lock_not_available(&self) -> bool {
        self.has_code(&SqlState::LOCK_NOT_AVAILABLE)
    }

    /// Something was to be written where that is not allowed: in a transaction that is read only, or on a standby.
    ///
    /// ```no_run
    /// # use orm_core::prelude::*;
    /// # use orm_tests::models::*;
    /// # async fn example(engine: Engine) -> Result<(), Error> {
    /// match engine.execute(delete(User).all_rows()).await {
    ///     Err(error) if error.is_read_only() => println!("this server is a standby"),
    ///     other => println!("{}", other?),
    /// }
    /// # Ok(())
    /// # }
    /// ```
    pub fn is_read_only(&self) -> bool {
        self.has_code(&SqlState::READ_ONLY_SQL_TRANSACTION)
    }

    /// The server ended the statement because it ran into a timeout or was cancelled.
    ///
    /// ```no_run
    /// # use orm_core::prelude::*;
    /// # use orm_tests::models::*;
    /// # async fn example(engine: Engine) -> Result<(), Error> {
    /// match engine.all(select(User)).await {
    ///     Err(error) if error.is_canceled() => println!("it took too long"),
    ///     users => println!("{}", users?.len()),
    /// }
    /// # Ok(())
    /// # }
    /// ```
    pub fn is_canceled(&self) -> bool {
        self.has_code(&SqlState::QUERY_CANCELED)
    }
}
