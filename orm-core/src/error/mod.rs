//! What can go wrong: one opaque error with predicates.

mod advice;
mod construct;
mod database;
mod note;
mod predicate;
mod secret;
mod sqlstate;

use std::error::Error as StdError;
use std::fmt;
use std::panic::Location;
use std::sync::Arc;

use tokio_postgres::error::DbError;

pub(crate) use construct::ErrorKind;
pub(crate) use secret::hide_values_of;

/// How many characters of a statement its error shows to a person; an insert of many rows can have a million.
const SHOWN: usize = 2000;

/// How many characters of a statement that a flush wrote are shown: a line. Longer ones have checks around what they do.
const SHOWN_OF_FLUSH: usize = 160;

/// The cause of an error, as it is kept.
pub type Cause = Box<dyn StdError + Send + Sync>;

/// What went wrong, with its cause and the statement it happened in.
///
/// The text says what was expected, what was found and what to do. Use the predicates (such as
/// [`is_unique_violation`](Error::is_unique_violation)) to decide what to do in code, and
/// [`source`](StdError::source) for the cause. Cloning is cheap: clones share the cause.
///
/// A text holds no value of a row or a filter, so that it can be logged. [`values`](Error::values) gives those it is about,
/// and [`EngineBuilder::show_values`](crate::engine::EngineBuilder::show_values) puts them into the text. Names of rows are
/// no values: keys that are integers or UUIDs are shown. What a column type of your own says is shown as it is.
///
/// `{}` is one line; `{:?}`, which `fn main() -> Result<(), Error>` prints, has the statement too; of a long one that a flush wrote
/// it says what that does.
///
/// ```no_run
/// # use orm_core::prelude::*;
/// # use orm_tests::models::*;
/// # async fn example(engine: Engine) -> Result<(), Error> {
/// match engine.execute(insert(User).values(NewUser::new("Ann"))).await {
///     Ok(_) => println!("added"),
///     Err(error) if error.is_unique_violation() => println!("taken: {:?}", error.constraint()),
///     Err(error) => return Err(error),
/// }
/// # Ok(())
/// # }
/// ```
#[derive(Clone)]
pub struct Error(Arc<Inner>);

#[derive(Clone, Debug)]
struct Inner {
    kind: ErrorKind,
    outcome: KnownOutcome,
    message: String,
    /// The values it is about.
    values: Option<String>,
    /// Whether no value is to be had, not even for code.
    is_secret: bool,
    /// Whether the text has these values too.
    shows_values: bool,
    statement: Option<String>,
    /// What the statement does, where a flush wrote it.
    flushed: Option<String>,
    at: Option<&'static Location<'static>>,
    /// The table and the column in it that this is about, as the database calls them.
    column: Option<(String, String)>,
    /// The number of the parameter that could not be sent.
    parameter: Option<usize>,
    /// Which of the statements sent together it is about, counted from zero.
    place: Option<usize>,
    /// A server refused to write where one was wanted that does.
    is_of_demoted_server: bool,
    /// A time limit has run out.
    timed_out: bool,
    /// What the server said.
    server: Option<Arc<DbError>>,
    cause: Option<Arc<dyn StdError + Send + Sync>>,
}

/// What became of what was to be written, as far as it is known beside the error.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum KnownOutcome {
    /// The error says it all: the server refused, or was asked nothing.
    Untold,
    /// The server had done the statement.
    Answered,
    /// The statement was sent, and its answer was not seen.
    Unanswered,
    Committed,
    Unknown,
}

impl Error {
    /// The SQL text of the statement that failed, where there was one.
    ///
    /// ```no_run
    /// # use orm_core::prelude::*;
    /// # use orm_tests::models::*;
    /// # async fn example(engine: Engine) -> Result<(), Error> {
    /// if let Err(error) = engine.all(select(User)).await {
    ///     eprintln!("{error} in {:?}", error.statement());
    /// }
    /// # Ok(())
    /// # }
    /// ```
    pub fn statement(&self) -> Option<&str> {
        self.0.statement.as_deref()
    }

    /// The values that the error is about, and that its text does not show: those of the filter that found no row, a key, or
    /// the server's DETAIL of the row it refused. `None` where there are none.
    ///
    /// ```no_run
    /// # use orm_core::prelude::*;
    /// # use orm_tests::models::*;
    /// # async fn example(engine: Engine) -> Result<(), Error> {
    /// if let Err(error) = engine.one(select(User).filter(User.id.eq(7))).await {
    ///     eprintln!("{error} {:?}", error.values()); // the text has no values, so that it can be logged
    /// }
    /// # Ok(())
    /// # }
    /// ```
    pub fn values(&self) -> Option<&str> {
        self.errors().find_map(|error| error.0.values.as_deref())
    }

    /// Where in the caller's source the failing statement was built, for mistakes found before anything was sent.
    ///
    /// ```no_run
    /// # use orm_core::prelude::*;
    /// # use orm_tests::models::*;
    /// # async fn example(engine: Engine) -> Result<(), Error> {
    /// if let Err(error) = engine.execute(delete(User)).await {
    ///     eprintln!("{error} at {:?}", error.location()); // a DELETE of all rows says `all_rows()`
    /// }
    /// # Ok(())
    /// # }
    /// ```
    pub fn location(&self) -> Option<&'static Location<'static>> {
        self.0.at
    }
}

impl fmt::Display for Error {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if let Some(at) = self.0.at {
            write!(f, "{}:{}:{}: ", at.file(), at.line(), at.column())?;
        }
        f.write_str(&self.0.message)?;
        match &self.0.values {
            Some(values) if self.0.shows_values => write!(f, " ({values})"),
            _ => Ok(()),
        }
    }
}

impl fmt::Debug for Error {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{self}")?;
        if let Some(statement) = &self.0.statement {
            if let Some(flushed) = &self.0.flushed
                && statement.len() > SHOWN_OF_FLUSH
            {
                return write!(
                    f,
                    "\n  in a statement of the flush: {flushed} (`error.statement()` has its SQL)"
                );
            }
            match statement.char_indices().nth(SHOWN) {
                None => write!(f, "\n  in the statement: {statement}")?,
                Some((end, _)) => write!(f, "\n  in the statement: {}..", &statement[..end])?,
            }
        }
        Ok(())
    }
}

impl StdError for Error {
    fn source(&self) -> Option<&(dyn StdError + 'static)> {
        self.0.cause.as_deref().map(|cause| cause as &(dyn StdError + 'static))
    }
}
