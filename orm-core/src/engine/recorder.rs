//! Where statements are noted while recordings go on.

use std::fmt;
use std::panic::Location;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError, Weak};

use super::StatementEvent;

/// The recordings of an engine and all its clones that are going on.
#[derive(Default)]
pub(super) struct Recordings {
    /// How many there are, so that nothing is locked where there is none.
    count: AtomicUsize,
    list: Mutex<Vec<Arc<Recorded>>>,
}

/// The recordings of one clone of an engine, or of one session; they end when nobody has them any more.
#[derive(Clone, Default)]
pub(super) struct OwnRecordings(Option<Arc<[Weak<Recorded>]>>);

/// What was sent since a recording began.
#[derive(Default)]
pub(super) struct Recorded {
    statements: Mutex<Vec<RecordedStatement>>,
    round_trips: AtomicUsize,
}

fn locked<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}

/// A statement that was sent.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct RecordedStatement {
    /// The text.
    pub sql: String,
    /// Where the program built it, as `select(..)`, `.with(..)` or `sql!(..)`, or called what builds it, as `find`, `refresh` or
    /// `save`; `None` for what is sent by the engine itself or by a flush.
    pub at: Option<&'static Location<'static>>,
}

impl fmt::Display for RecordedStatement {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.at.map_or(Ok(()), |at| write!(f, "{at}: "))?;
        f.write_str(&self.sql)
    }
}

impl Recordings {
    pub(super) fn is_empty(&self) -> bool {
        self.count.load(Ordering::Relaxed) == 0
    }

    pub(super) fn each(&self, tell: impl Fn(&Recorded)) {
        if !self.is_empty() {
            locked(&self.list).iter().for_each(|recorded| tell(recorded));
        }
    }

    pub(super) fn begin(&self, recorded: &Arc<Recorded>) {
        self.change(|list| list.push(Arc::clone(recorded)));
    }

    pub(super) fn end(&self, recorded: &Arc<Recorded>) {
        self.change(|list| list.retain(|other| !Arc::ptr_eq(other, recorded)));
    }

    fn change(&self, change: impl FnOnce(&mut Vec<Arc<Recorded>>)) {
        let mut list = locked(&self.list);
        change(&mut list);
        self.count.store(list.len(), Ordering::Relaxed);
    }
}

impl OwnRecordings {
    fn alive(&self) -> impl Iterator<Item = Arc<Recorded>> {
        self.0.iter().flat_map(|list| list.iter()).filter_map(Weak::upgrade)
    }

    #[inline]
    pub(super) fn is_empty(&self) -> bool {
        self.0.as_ref().is_none_or(|list| list.iter().all(|recorded| recorded.strong_count() == 0))
    }

    pub(super) fn each(&self, tell: impl Fn(&Recorded)) {
        self.alive().for_each(|recorded| tell(&recorded));
    }

    /// These and one more.
    pub(super) fn and(&self, recorded: &Arc<Recorded>) -> OwnRecordings {
        let list = self.alive().map(|recorded| Arc::downgrade(&recorded));
        OwnRecordings(Some(list.chain([Arc::downgrade(recorded)]).collect()))
    }
}

impl Recorded {
    pub(super) fn statement(&self, event: &StatementEvent<'_>) {
        if !is_control(event.sql) {
            let statement = RecordedStatement { sql: event.sql.to_owned(), at: event.at };
            locked(&self.statements).push(statement);
        }
    }

    pub(super) fn round_trip(&self) {
        self.round_trips.fetch_add(1, Ordering::Relaxed);
    }

    pub(super) fn statements(&self) -> Vec<RecordedStatement> {
        locked(&self.statements).clone()
    }

    pub(super) fn round_trips(&self) -> usize {
        self.round_trips.load(Ordering::Relaxed)
    }
}

/// Whether it only begins or ends a transaction, or a part of one.
fn is_control(sql: &str) -> bool {
    const WORDS: [&str; 7] = ["BEGIN", "START", "COMMIT", "END", "ROLLBACK", "SAVEPOINT", "RELEASE"];
    WORDS.iter().any(|known| first_word(sql).eq_ignore_ascii_case(known))
}

/// The word that says what a statement does.
pub(super) fn first_word(sql: &str) -> &str {
    sql.trim_start().split(|c: char| !c.is_ascii_alphabetic()).next().unwrap_or_default()
}
