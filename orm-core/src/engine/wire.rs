//! What the user of a connection and the task that moves its bytes tell each other.

use std::sync::OnceLock;
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};
use std::time::Duration;

use tokio::time::Instant;
use tokio_postgres::Error as DriverError;
use tokio_postgres::error::DbError;

use crate::error::Error;

/// Something was sent and its answer has not been taken.
const IN_FLIGHT: u64 = 1;
/// The task has cancelled it, because a time limit had run out.
const OVERDUE: u64 = 2;
/// What is added with each departure.
const ONE: u64 = 4;

/// What was sent together and is waited for together.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Departure(u64);

/// The state of one connection, shared by its user, its task and its socket.
pub(super) struct Wire {
    made: Instant,
    written: AtomicU64,
    read: AtomicU64,
    /// The socket had nothing to read when the driver looked last.
    waits: AtomicBool,
    /// The number of the last departure, and what has become of it.
    state: AtomicU64,
    /// When what is in flight has to end, in nanoseconds since this was made; zero for no limit.
    deadline: AtomicU64,
    /// BEGIN or a savepoint is on its way.
    begins: AtomicBool,
    end: OnceLock<End>,
}

/// Why a connection has ended.
#[derive(Clone, Debug)]
pub(super) enum End {
    /// The server said why while nothing was on its way.
    Told(Box<DbError>),
    /// The server gave a warning and closed the connection, whatever was on its way.
    Warned(Box<DbError>),
    /// A time limit had run out, and the server did not answer a cancel request within this time either.
    Overdue(Duration),
    /// Nothing had come for the first time, and a new connection was not answered within the second.
    Silent(Duration, Duration),
    /// The socket or the protocol failed, or the server closed the connection without a word.
    Broken(String),
}

impl End {
    pub(super) fn error(&self) -> Error {
        match self {
            End::Told(told) => Error::ended_by_server(told).because((**told).clone()),
            End::Warned(warned) => Error::ended_by_server(warned),
            End::Overdue(patience) => Error::connection_lost(format!(
                "a time limit had run out, and the server did not answer a request to cancel within {patience:?} either, so \
                 that it was given up: check the network and the server"
            ))
            .timed_out(),
            End::Silent(silence, patience) => Error::connection_lost(format!(
                "nothing came from the server for {silence:?}, nor to a new connection within {patience:?}, so that it was \
                 given up: check the network and the server"
            ))
            .timed_out(),
            End::Broken(why) => Error::connection_lost(why),
        }
    }

    /// The error of a request that was waited for, or was sent afterwards.
    pub(super) fn error_of(&self, failed: DriverError) -> Error {
        match self {
            End::Told(_) => self.error(),
            _ => self.error().because(failed),
        }
    }
}

impl Default for Wire {
    fn default() -> Self {
        Wire {
            made: Instant::now(),
            written: AtomicU64::new(0),
            read: AtomicU64::new(0),
            waits: AtomicBool::new(false),
            state: AtomicU64::new(0),
            deadline: AtomicU64::new(0),
            begins: AtomicBool::new(false),
            end: OnceLock::new(),
        }
    }
}

/// What the user tells.
impl Wire {
    /// How many bytes the server was sent. A request that ends without changing this never left.
    pub(super) fn written(&self) -> u64 {
        self.written.load(Ordering::Acquire)
    }

    /// Something is about to be sent.
    #[inline]
    pub(super) fn depart(&self, deadline: Option<Instant>) {
        if let Some(deadline) = deadline {
            self.deadline.store(self.nanoseconds(deadline).max(1), Ordering::Release);
        }
        // Only the user writes the number.
        let number = self.state.load(Ordering::Relaxed) & !(IN_FLIGHT | OVERDUE);
        self.state.store(number.wrapping_add(ONE) | IN_FLIGHT, Ordering::Release);
    }

    /// Its answer was taken, or nobody waits for it.
    #[inline]
    pub(super) fn arrived(&self) {
        self.state.fetch_and(!IN_FLIGHT, Ordering::AcqRel);
        if self.deadline.load(Ordering::Relaxed) != 0 {
            self.deadline.store(0, Ordering::Release);
        }
    }

    /// Whether what was sent last was cancelled by a time limit.
    pub(super) fn was_overdue(&self) -> bool {
        self.state.load(Ordering::Acquire) & OVERDUE != 0
    }

    /// Whether BEGIN or a savepoint is on its way. That must not be cancelled: what stands behind it would run alone.
    pub(super) fn begins(&self, begins: bool) {
        self.begins.store(begins, Ordering::Release);
    }

    /// Why the connection has ended, if it has.
    pub(super) fn end(&self) -> Option<&End> {
        self.end.get()
    }
}

/// What the socket tells.
impl Wire {
    pub(super) fn wrote(&self, bytes: usize) {
        self.written.fetch_add(bytes as u64, Ordering::Release);
    }

    /// Bytes came, or none were there.
    pub(super) fn read(&self, bytes: Option<usize>) {
        if let Some(bytes) = bytes {
            self.read.fetch_add(bytes as u64, Ordering::Relaxed);
        }
        self.waits.store(bytes.is_none(), Ordering::Relaxed);
    }
}

/// What the task looks at.
impl Wire {
    /// When what is in flight has to end.
    pub(super) fn deadline(&self) -> Option<Instant> {
        match self.deadline.load(Ordering::Acquire) {
            0 => None,
            nanoseconds => Some(self.made + Duration::from_nanos(nanoseconds)),
        }
    }

    /// How many bytes have gone either way, if the server is waited for. Rows that the program does not take are not.
    pub(super) fn progress(&self) -> Option<u64> {
        let waits = self.departure().is_some() && self.waits.load(Ordering::Relaxed);
        waits.then(|| self.written().wrapping_add(self.read.load(Ordering::Relaxed)))
    }

    /// What is in flight, if anything is.
    pub(super) fn departure(&self) -> Option<Departure> {
        let state = self.state.load(Ordering::Acquire);
        (state & IN_FLIGHT != 0).then_some(Departure(state & !OVERDUE))
    }

    pub(super) fn is_waited_for(&self, departure: Departure) -> bool {
        self.departure() == Some(departure)
    }

    /// Notes that this is cancelled; false if it must not be, or is not in flight any more.
    pub(super) fn set_overdue(&self, Departure(state): Departure) -> bool {
        if self.begins.load(Ordering::Acquire) {
            return false;
        }
        let overdue = state | OVERDUE;
        let noted = self.state.compare_exchange(state, overdue, Ordering::AcqRel, Ordering::Acquire);
        noted.is_ok() || noted == Err(overdue)
    }

    pub(super) fn set_end(&self, end: End) {
        // The first reason is the one that made the others.
        let _ = self.end.set(end);
    }

    fn nanoseconds(&self, instant: Instant) -> u64 {
        u64::try_from(instant.saturating_duration_since(self.made).as_nanos()).unwrap_or(u64::MAX / 2)
    }
}
