//! Why no connection could be opened, in words that say what to check.

use std::io;
use std::time::Duration;

use tokio_postgres::Error as DriverError;
use tokio_postgres::error::SqlState;

use super::target::TargetSessionAttrs;
use super::{Server, tls};
use crate::error::{Cause, Error};

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
    /// Its name has no address.
    Name(String, io::Error),
    /// The login, or what follows it.
    Login(DriverError, Way),
    Timeout(Duration),
    /// It let us in, and is not the kind of server that is wanted.
    Unfit(TargetSessionAttrs, Server),
    /// Neither in one way nor in the other.
    Both(Box<Failed>, Way, Box<Failed>),
}

/// Each server that was tried, and why it could not be used.
pub(super) type Failures = Vec<(String, Failed)>;

/// How a server is spoken with.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Way {
    Encrypted,
    Plain,
}

impl Failed {
    pub(super) fn explain(&self) -> String {
        match self {
            Failed::Io(error) => explain_io(error),
            Failed::Name(name, error) => explain_name(name, error),
            Failed::Login(error, way) => explain_login(error, *way),
            Failed::Timeout(after) => format!(
                "no answer within {after:?}: check host and port and what stands between, or raise `connect_timeout`"
            ),
            Failed::Unfit(target, server) => explain_unfit(*target, server),
            Failed::Both(first, way, second) => {
                let how = match way {
                    Way::Encrypted => "with TLS",
                    Way::Plain => "without TLS",
                };
                format!("{}; {how}: {}", first.explain(), second.explain())
            }
        }
    }

    /// Whether there may be a connection in the other way than the one that failed.
    pub(super) fn may_succeed(&self, way: Way) -> bool {
        match (self, way) {
            (Failed::Io(error), Way::Plain) => tls::Failure::of(error).is_some(),
            // Either a part of the handshake that comes late, or what pg_hba.conf says of encrypted connections. Other
            // refusals would be the same again, and a password is not for everybody to read.
            (Failed::Login(error, _), Way::Plain) => {
                tls::explain(error).is_some()
                    || error.code() == Some(&SqlState::INVALID_AUTHORIZATION_SPECIFICATION)
            }
            // What a server says to those without TLS can be anything.
            (Failed::Login(error, _), Way::Encrypted) => {
                error.code().is_some_and(|code| *code != SqlState::INVALID_PASSWORD)
            }
            _ => false,
        }
    }

    fn retry(&self) -> Retry {
        match self {
            Failed::Io(error) if tls::Failure::of(error).is_some_and(tls::Failure::is_lasting) => Retry::No,
            Failed::Io(_) | Failed::Name(..) | Failed::Timeout(_) | Failed::Unfit(..) => {
                Retry::IfReachedBefore
            }
            Failed::Login(error, _) => retry_login(error),
            Failed::Both(first, _, second) => first.retry().max(second.retry()),
        }
    }

    fn is_login_refused(&self) -> bool {
        match self {
            Failed::Login(error, _) => {
                [SqlState::INVALID_PASSWORD, SqlState::INVALID_AUTHORIZATION_SPECIFICATION]
                    .iter()
                    .any(|code| error.code() == Some(code))
            }
            Failed::Both(first, _, second) => first.is_login_refused() || second.is_login_refused(),
            Failed::Io(_) | Failed::Name(..) | Failed::Timeout(_) | Failed::Unfit(..) => false,
        }
    }

    /// Whether nobody was there.
    fn is_unreachable(&self) -> bool {
        match self {
            Failed::Io(error) => tls::Failure::of(error).is_none(),
            Failed::Name(..) | Failed::Timeout(_) => true,
            Failed::Login(..) | Failed::Unfit(..) => false,
            Failed::Both(first, _, second) => first.is_unreachable() && second.is_unreachable(),
        }
    }

    pub(super) fn and(self, way: Way, again: Failed) -> Failed {
        Failed::Both(Box::new(self), way, Box::new(again))
    }

    fn cause(self) -> Option<Cause> {
        match self {
            Failed::Io(cause) | Failed::Name(_, cause) => Some(cause.into()),
            Failed::Login(cause, _) => Some(cause.into()),
            Failed::Timeout(_) | Failed::Unfit(..) => None,
            Failed::Both(first, ..) => first.cause(),
        }
    }
}

fn retry_login(error: &DriverError) -> Retry {
    let soon = [
        SqlState::TOO_MANY_CONNECTIONS,
        SqlState::CANNOT_CONNECT_NOW,
        SqlState::ADMIN_SHUTDOWN,
        SqlState::CRASH_SHUTDOWN,
    ];
    match error.code() {
        Some(code) if soon.contains(code) => Retry::Yes,
        Some(_) => Retry::No,
        None if tls::explain(error).is_some() => Retry::No,
        None => {
            let cause = std::error::Error::source(error);
            let is_io = error.is_closed() || cause.is_some_and(|cause| cause.is::<io::Error>());
            if is_io { Retry::IfReachedBefore } else { Retry::No }
        }
    }
}

fn explain_unfit(target: TargetSessionAttrs, server: &Server) -> String {
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

fn explain_name(name: &str, error: &io::Error) -> String {
    let found = if error.kind() == io::ErrorKind::TimedOut {
        "could not be looked up in time"
    } else {
        "was not found"
    };
    format!("the name \"{name}\" {found} ({error}): check the host in the database URL, and the name service")
}

fn explain_io(error: &io::Error) -> String {
    match tls::Failure::of(error) {
        Some(failure) => failure.to_string(),
        None => format!("{error}: check that PostgreSQL runs and listens there"),
    }
}

fn explain_login(error: &DriverError, way: Way) -> String {
    let Some(database) = error.as_db_error() else {
        if let Some(why) = tls::explain(error) {
            return why;
        }
        let cause = std::error::Error::source(error).map(|cause| format!(": {cause}")).unwrap_or_default();
        // The driver keeps its kinds of errors to itself.
        let check = match &*cause {
            ": password missing" => {
                "; the server asks for a password: give one in the URL, or by `credentials`"
            }
            ": server did not use channel binding" => {
                "; channel_binding=require needs TLS all the way to PostgreSQL and a password it keeps as scram-sha-256: \
                 see to that, or leave channel_binding out"
            }
            _ => "",
        };
        return format!("{error}{cause}{check}");
    };
    let code = database.code();
    let check = if *code == SqlState::INVALID_PASSWORD {
        "check user and password"
    } else if *code == SqlState::INVALID_AUTHORIZATION_SPECIFICATION {
        match way {
            Way::Encrypted => {
                "check that the user exists, and what the server's pg_hba.conf says of it; where that asks for a \
                 certificate of the client, give sslcert and sslkey"
            }
            Way::Plain => {
                "check that the user exists, and what the server's pg_hba.conf says of it; where that wants connections \
                 encrypted, say sslmode=require"
            }
        }
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

/// Whether a server did not take user and password.
pub(super) fn is_login_refused(failures: &Failures) -> bool {
    failures.iter().any(|(_, failed)| failed.is_login_refused())
}

/// One failure for all servers that were tried.
pub(super) fn summary(failures: Failures) -> ConnectFailure {
    let retries = failures.iter().map(|(_, failed)| failed.retry());
    // What one refuses for good, another would have to allow.
    let retry = if retries.clone().any(|retry| retry == Retry::No) { None } else { retries.max() };
    ConnectFailure { retry: retry.unwrap_or(Retry::No), error: text(failures) }
}

fn text(failures: Failures) -> Error {
    let texts: Vec<_> = failures.iter().map(|(target, failed)| (target.clone(), failed.explain())).collect();
    let Some(((target, why), others)) = texts.split_first() else {
        return Error::connect("PostgreSQL", "no server is named");
    };
    let also: String = others.iter().map(|(target, why)| format!("; nor to {target}: {why}")).collect();
    let error = Error::connect(target, format!("{why}{also}"));
    let error =
        if failures.iter().all(|(_, failed)| failed.is_unreachable()) { error.unreachable() } else { error };
    let timed_out = failures.iter().any(|(_, failed)| matches!(failed, Failed::Timeout(_)));
    let error = if timed_out { error.timed_out() } else { error };
    let cause = failures.into_iter().next().and_then(|(_, failed)| failed.cause());
    match cause {
        Some(cause) => error.because(cause),
        None => error,
    }
}
