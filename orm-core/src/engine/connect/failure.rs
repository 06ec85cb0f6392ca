//! Why no connection could be opened, in words that say what to check.

use std::io;
use std::time::Duration;

use tokio_postgres::Error as DriverError;
use tokio_postgres::error::SqlState;

use super::Server;
use super::target::Target;
use crate::error::Error;

/// Why no connection could be opened.
pub(in crate::engine) struct ConnectFailure {
    pub(in crate::engine) error: Error,
    pub(in crate::engine) retry: Retry,
}

/// Whether another attempt can go otherwise though nobody changes a setting.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(in crate::engine) enum Retry {
    /// The server refuses this login.
    No,
    /// No server answered. One that never did may not be there at all.
    IfReachedBefore,
    /// The server is there: it starts, stops, or has no place for us now.
    Yes,
}

/// Why one server could not be used.
pub(super) enum Failed {
    Io(io::Error),
    Driver(DriverError),
    Timeout(Duration),
    /// It let us in, and is not the kind of server that is wanted.
    Unfit(Target, Server),
}

impl Failed {
    pub(super) fn explain(&self) -> String {
        match self {
            Failed::Io(error) => explain_io(error),
            Failed::Driver(error) => explain_login(error),
            Failed::Timeout(after) => format!(
                "no answer within {after:?}: check host and port and what stands between, or raise `connect_timeout`"
            ),
            Failed::Unfit(target, server) => explain_unfit(*target, server),
        }
    }
}

impl Failed {
    fn retry(&self) -> Retry {
        let Failed::Driver(error) = self else { return Retry::IfReachedBefore };
        let soon = [
            SqlState::TOO_MANY_CONNECTIONS,
            SqlState::CANNOT_CONNECT_NOW,
            SqlState::ADMIN_SHUTDOWN,
            SqlState::CRASH_SHUTDOWN,
        ];
        match error.code() {
            Some(code) if soon.contains(code) => Retry::Yes,
            Some(_) => Retry::No,
            None => {
                let cause = std::error::Error::source(error);
                let is_io = error.is_closed() || cause.is_some_and(|cause| cause.is::<io::Error>());
                if is_io { Retry::IfReachedBefore } else { Retry::No }
            }
        }
    }
}

fn explain_unfit(target: Target, server: &Server) -> String {
    let found = match (server.is_in_recovery, server.is_read_only) {
        (true, _) => "is a standby",
        (false, true) => "is read-only",
        (false, false) => "is a primary that can be written to",
    };
    format!(
        "it {found}, and target_session_attrs={} asks for another: name the other servers in the URL too, or wait until one \
         of them is promoted",
        target.name()
    )
}

pub(super) fn explain_io(error: &io::Error) -> String {
    format!("{error}: check that PostgreSQL runs and listens there")
}

fn explain_login(error: &DriverError) -> String {
    let Some(database) = error.as_db_error() else {
        let cause = std::error::Error::source(error).map(|cause| format!(": {cause}")).unwrap_or_default();
        return format!("{error}{cause}");
    };
    let code = database.code();
    let check = if *code == SqlState::INVALID_PASSWORD {
        "check user and password"
    } else if *code == SqlState::INVALID_AUTHORIZATION_SPECIFICATION {
        "check that the user exists, and what the server's pg_hba.conf says of it"
    } else if *code == SqlState::INVALID_CATALOG_NAME {
        "check the name of the database, or create it"
    } else if *code == SqlState::TOO_MANY_CONNECTIONS {
        "lower `pool_size`, or raise the server's max_connections"
    } else if *code == SqlState::PROTOCOL_VIOLATION && database.message().contains("startup parameter") {
        "a pooler refuses it: take it out of the database URL, or add it to `ignore_startup_parameters` of PgBouncer"
    } else {
        "see the server's log"
    };
    format!("{} (SQLSTATE {}): {check}", database.message(), code.code())
}

/// One failure for all servers that were tried.
pub(super) fn summary(failures: Vec<(String, String, Failed)>) -> ConnectFailure {
    let retries = failures.iter().map(|(_, _, failed)| failed.retry());
    // What one refuses for good, another would have to allow.
    let retry = if retries.clone().any(|retry| retry == Retry::No) { None } else { retries.max() };
    ConnectFailure { retry: retry.unwrap_or(Retry::No), error: text(failures) }
}

fn text(failures: Vec<(String, String, Failed)>) -> Error {
    let text: Vec<_> = failures.iter().skip(1).map(|(target, why, _)| format!("{target}: {why}")).collect();
    let mut failures = failures.into_iter();
    let Some((target, why, failed)) = failures.next() else {
        return Error::connect("PostgreSQL", "no server is named");
    };
    let also = if text.is_empty() { String::new() } else { format!("; nor to {}", text.join("; nor to ")) };
    let error = Error::connect(target, format!("{why}{also}"));
    match failed {
        Failed::Io(cause) => error.because(cause),
        Failed::Driver(cause) => error.because(cause),
        Failed::Timeout(_) | Failed::Unfit(..) => error,
    }
}
