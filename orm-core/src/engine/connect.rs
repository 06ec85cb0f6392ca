//! Opens connections: the socket, the login, the session's settings.

use std::fmt;
use std::io;
use std::net::SocketAddr;
use std::path::PathBuf;
use std::pin::Pin;
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, Mutex};
use std::task::{Context, Poll};
use std::time::Duration;

use deadpool_postgres::ClientWrapper;
use socket2::{SockRef, TcpKeepalive};
use tokio::io::{AsyncRead, AsyncWrite, ReadBuf};
use tokio::net::{TcpStream, UnixStream, lookup_host};
use tokio_postgres::config::{Config, Host};
use tokio_postgres::error::SqlState;
use tokio_postgres::{Error as DriverError, NoTls};

use super::cache::Cache;
use super::commit::Commit;
use super::keeper::Keeper;
use super::pool::Link;
use super::question::Questions;
use super::shelf::Shelf;
use super::status::Totals;
use super::unanswered::Unanswered;
use crate::error::Error;

/// How connections of an engine are opened.
pub(super) struct Connector {
    pub(super) config: Config,
    pub(super) connect_timeout: Duration,
    pub(super) statement_timeout: Option<Duration>,
    pub(super) statement_cache: usize,
    pub(super) keeper: Keeper,
    pub(super) totals: Totals,
    pub(super) shelf: Shelf,
    /// How often a prepared statement was found stale.
    pub(super) stale: AtomicU64,
}

/// Where one connection goes: kept, so that its queries are cancelled at the same server.
#[derive(Clone, Debug)]
pub(super) enum Address {
    Tcp(SocketAddr),
    Unix(PathBuf),
}

/// Where a server is, as the settings say it.
enum Place {
    Known(Address),
    Name(String, u16),
}

impl Address {
    pub(super) async fn open(&self) -> io::Result<Socket> {
        let stream = match self {
            Address::Tcp(address) => {
                let stream = TcpStream::connect(address).await?;
                stream.set_nodelay(true)?;
                Stream::Tcp(stream)
            }
            Address::Unix(path) => Stream::Unix(UnixStream::connect(path).await?),
        };
        Ok(Socket { stream, written: Arc::default(), questions: Questions::default(), half_close: true })
    }
}

impl fmt::Display for Address {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Address::Tcp(address) => address.fmt(f),
            Address::Unix(path) => path.display().fmt(f),
        }
    }
}

impl Connector {
    /// A connection to the first server of the list that lets us in.
    pub(super) async fn connect(&self) -> Result<Link, Error> {
        let mut failures = Vec::new();
        for (host, place) in self.hosts() {
            let target = format!("{host} ({})", self.login());
            let addresses = match place {
                Place::Known(address) => Ok(vec![address]),
                Place::Name(name, port) => resolve(&name, port, self.connect_timeout).await,
            };
            match addresses {
                Err(error) => failures.push((target, explain_io(&error), Failed::Io(error))),
                Ok(addresses) => {
                    for address in addresses {
                        match self.try_address(&address).await {
                            Ok(link) => return Ok(link),
                            Err(failed) => failures.push((target.clone(), failed.explain(), failed)),
                        }
                    }
                }
            }
        }
        Err(summary(failures))
    }

    /// Each server: its name for messages, and where it is.
    fn hosts(&self) -> Vec<(String, Place)> {
        let (hosts, numbers) = (self.config.get_hosts(), self.config.get_hostaddrs());
        let ports = self.config.get_ports();
        let port = |at: usize| ports.get(at).or(ports.first()).copied().unwrap_or(5432);
        (0..hosts.len().max(numbers.len()))
            .map(|at| match (numbers.get(at), hosts.get(at)) {
                (Some(number), _) => {
                    let address = SocketAddr::new(*number, port(at));
                    (address.to_string(), Place::Known(Address::Tcp(address)))
                }
                (None, Some(Host::Unix(folder))) => {
                    let path = folder.join(format!(".s.PGSQL.{}", port(at)));
                    (path.display().to_string(), Place::Known(Address::Unix(path)))
                }
                (None, Some(Host::Tcp(name))) => {
                    (format!("{name}:{}", port(at)), Place::Name(name.clone(), port(at)))
                }
                (None, None) => unreachable!("there are as many servers as names or numbers"),
            })
            .collect()
    }

    pub(super) fn login(&self) -> String {
        let user = self.config.get_user();
        let database = self.config.get_dbname().or(user);
        let name =
            |name: Option<&str>| name.map_or("of the system's user".to_owned(), |n| format!("\"{n}\""));
        format!("database {}, user {}", name(database), name(user))
    }

    pub(super) fn servers(&self) -> Vec<String> {
        self.hosts().into_iter().map(|(name, _)| name).collect()
    }

    /// Notes that prepared statements may be stale, on all connections.
    pub(super) fn tables_changed(&self) {
        self.stale.fetch_add(1, Ordering::Relaxed);
    }

    async fn try_address(&self, address: &Address) -> Result<Link, Failed> {
        match tokio::time::timeout(self.connect_timeout, self.log_in(address)).await {
            Ok(outcome) => outcome,
            Err(_) => Err(Failed::Timeout(self.connect_timeout)),
        }
    }

    async fn log_in(&self, address: &Address) -> Result<Link, Failed> {
        let socket = address.open().await.map_err(Failed::Io)?;
        socket.configure(&self.config).map_err(Failed::Io)?;
        let (written, asked) = (Arc::clone(&socket.written), socket.questions.asked());
        let (client, connection) = self.config.connect_raw(socket, NoTls).await.map_err(Failed::Driver)?;
        let task = tokio::spawn(async move {
            // Whoever waits for an answer is told; nobody waits for the connection itself.
            if let Err(error) = connection.await {
                tracing::debug!(target: "orm::engine", %error, "a connection ended");
            }
        });
        let client = ClientWrapper::new(client, task);
        if let Some(timeout) = self.statement_timeout {
            let sql = format!("SET statement_timeout = {}", timeout.as_millis());
            client.batch_execute(&sql).await.map_err(Failed::Driver)?;
        }
        Ok(Link {
            client,
            address: address.clone(),
            cache: Cache::new(self.statement_cache),
            unanswered: Unanswered::default(),
            commit: Commit::default(),
            written,
            asked,
            stray: 0,
            stale: self.stale.load(Ordering::Relaxed),
            looks: 0,
            expires: self.keeper.keep.expiry(),
            free: Mutex::default(),
        })
    }
}

async fn resolve(name: &str, port: u16, timeout: Duration) -> io::Result<Vec<Address>> {
    let found = tokio::time::timeout(timeout, lookup_host((name, port))).await??;
    let addresses: Vec<_> = found.map(Address::Tcp).collect();
    if addresses.is_empty() {
        return Err(io::Error::other("the name has no address"));
    }
    Ok(addresses)
}

enum Failed {
    Io(io::Error),
    Driver(DriverError),
    Timeout(Duration),
}

impl Failed {
    fn explain(&self) -> String {
        match self {
            Failed::Io(error) => explain_io(error),
            Failed::Driver(error) => explain_login(error),
            Failed::Timeout(after) => format!(
                "no answer within {after:?}: check host and port and what stands between, or raise `connect_timeout`"
            ),
        }
    }
}

fn explain_io(error: &io::Error) -> String {
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
    } else {
        "see the server's log"
    };
    format!("{} (SQLSTATE {}): {check}", database.message(), code.code())
}

fn summary(failures: Vec<(String, String, Failed)>) -> Error {
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
        Failed::Timeout(_) => error,
    }
}

enum Stream {
    Tcp(TcpStream),
    Unix(UnixStream),
}

/// A socket that counts what was written to it.
pub(super) struct Socket {
    stream: Stream,
    written: Arc<AtomicU64>,
    questions: Questions,
    half_close: bool,
}

impl Socket {
    /// A socket whose writing half stays open when the driver is done with it.
    ///
    /// PgBouncer 1.18 exits when a client that cancels half-closes its connection.
    pub(super) fn without_half_close(mut self) -> Socket {
        self.half_close = false;
        self
    }

    fn configure(&self, config: &Config) -> io::Result<()> {
        let Stream::Tcp(stream) = &self.stream else { return Ok(()) };
        let socket = SockRef::from(stream);
        if config.get_keepalives() {
            let mut keepalive = TcpKeepalive::new().with_time(config.get_keepalives_idle());
            if let Some(interval) = config.get_keepalives_interval() {
                keepalive = keepalive.with_interval(interval);
            }
            if let Some(retries) = config.get_keepalives_retries() {
                keepalive = keepalive.with_retries(retries);
            }
            socket.set_tcp_keepalive(&keepalive)?;
        }
        #[cfg(target_os = "linux")]
        socket.set_tcp_user_timeout(config.get_tcp_user_timeout().copied())?;
        Ok(())
    }
}

impl AsyncRead for Socket {
    fn poll_read(
        mut self: Pin<&mut Self>,
        cx: &mut Context<'_>,
        buffer: &mut ReadBuf<'_>,
    ) -> Poll<io::Result<()>> {
        match &mut self.stream {
            Stream::Tcp(stream) => Pin::new(stream).poll_read(cx, buffer),
            Stream::Unix(stream) => Pin::new(stream).poll_read(cx, buffer),
        }
    }
}

impl AsyncWrite for Socket {
    fn poll_write(mut self: Pin<&mut Self>, cx: &mut Context<'_>, bytes: &[u8]) -> Poll<io::Result<usize>> {
        let written = match &mut self.stream {
            Stream::Tcp(stream) => Pin::new(stream).poll_write(cx, bytes),
            Stream::Unix(stream) => Pin::new(stream).poll_write(cx, bytes),
        };
        if let Poll::Ready(Ok(count)) = written {
            self.written.fetch_add(count as u64, Ordering::Release);
            self.questions.written(&bytes[..count]);
        }
        written
    }

    fn poll_flush(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<io::Result<()>> {
        match &mut self.stream {
            Stream::Tcp(stream) => Pin::new(stream).poll_flush(cx),
            Stream::Unix(stream) => Pin::new(stream).poll_flush(cx),
        }
    }

    fn poll_shutdown(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<io::Result<()>> {
        if !self.half_close {
            return Poll::Ready(Ok(()));
        }
        match &mut self.stream {
            Stream::Tcp(stream) => Pin::new(stream).poll_shutdown(cx),
            Stream::Unix(stream) => Pin::new(stream).poll_shutdown(cx),
        }
    }
}
