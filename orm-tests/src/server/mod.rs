//! The one PostgreSQL server a process tests against, and the pair of servers for tests of replication.

mod choice;
mod compose;
mod failover;
mod find;
mod private;
mod replication;

use std::process::ChildStdin;
use std::sync::OnceLock;

use crate::admin::Admin;
use choice::{Choice, Environment};
pub use failover::Failover;
pub use find::installed_programs;
pub use private::ServerSettings;
use private::{Private, Servers};
pub(crate) use private::{memory_or_temporary_folder, unprivileged};
pub use replication::{Replication, replication};

/// A PostgreSQL server that is ready, of a role that may create databases.
///
/// It is the server of `DATABASE_URL` where that is set; else a private one, started from the installed
/// PostgreSQL programs, which is gone when this process ends in whatever way; else the one of
/// `docker-compose.yml`, which stays.
pub struct Server {
    url: String,
    guarded_url: String,
    admin: Admin,
    /// A private server runs for as long as this end of the pipe is open.
    _alive: Option<ChildStdin>,
}

impl Server {
    /// The URL of a database that is there already; tests get their own from [`crate::Database::create`].
    pub fn url(&self) -> &str {
        &self.url
    }

    /// The URL of a role that has to give its password; where the server is given or that of Compose, the one of
    /// [`url`](Server::url), whose password the server of `DATABASE_URL` may not ask for.
    pub fn guarded_url(&self) -> &str {
        &self.guarded_url
    }

    pub(crate) fn admin(&self) -> &Admin {
        &self.admin
    }
}

/// Why there is no PostgreSQL server to test against.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ServerError(pub(crate) String);

impl std::fmt::Display for ServerError {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        formatter.write_str(&self.0)
    }
}

impl std::error::Error for ServerError {}

/// A private server beside that of the process, with settings of its own; gone when this value is, or the process.
pub struct OwnServer {
    url: String,
    _alive: ChildStdin,
}

impl OwnServer {
    /// Starts it, and blocks until it is ready.
    ///
    /// # Errors
    ///
    /// When PostgreSQL's programs are not installed, or say no.
    pub fn start(settings: &ServerSettings) -> Result<OwnServer, ServerError> {
        let missing = || ServerError("PostgreSQL's programs are not installed".to_owned());
        let programs = installed_programs().ok_or_else(missing)?;
        let Private { url, alive, .. } = private::start(&programs, Servers::With(settings))?;
        Ok(OwnServer { url, _alive: alive })
    }

    /// The URL of its socket, with the role `app`; where the settings name another port, that has to be added.
    pub fn url(&self) -> &str {
        &self.url
    }
}

/// The server of this process, started on first use; blocks until it is ready.
///
/// # Panics
///
/// When there is none, with the text of [`try_server`]'s error.
pub fn server() -> &'static Server {
    match try_server() {
        Ok(server) => server,
        Err(error) => panic!("{error}"),
    }
}

/// The server of this process, started on first use; blocks until it is ready.
///
/// # Errors
///
/// When there is no server, or it could not be started or reached; every further call gets the same error.
pub fn try_server() -> Result<&'static Server, ServerError> {
    static SERVER: OnceLock<Result<Server, ServerError>> = OnceLock::new();
    SERVER.get_or_init(start).as_ref().map_err(Clone::clone)
}

fn start() -> Result<Server, ServerError> {
    let (url, guarded_url, alive) = match choice::choose(Environment::look())? {
        Choice::Given(url) => (url.clone(), url, None),
        Choice::Private(programs) => {
            let private = private::start(&programs, Servers::One)?;
            (private.url, private.guarded_url, Some(private.alive))
        }
        Choice::Compose => {
            let url = compose::start()?;
            (url.clone(), url, None)
        }
    };
    let admin = Admin::start(&url)?;
    Ok(Server { url, guarded_url, admin, _alive: alive })
}
