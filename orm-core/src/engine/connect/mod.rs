//! Opens connections: `address`, where; `tls`, encrypted; `socket`; `names` of statements; the login here; `setup`, the
//! first round trip;
//! `failure`, why not.

mod address;
mod failure;
mod names;
mod setup;
mod socket;
pub(super) mod tls;

use std::net::SocketAddr;
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, Mutex};
use std::time::Duration;

use deadpool_postgres::ClientWrapper;
use tokio_postgres::config::{Config, Host};

use super::cache::Cache;
use super::commit::Commit;
use super::credentials::Source;
use super::keeper::Keeper;
use super::pool::Link;
use super::pooler::Pooler;
use super::shelf::Shelf;
use super::status::Totals;
use super::unanswered::Unanswered;
use crate::error::Error;
pub(super) use address::Address;
use address::{At, Place, Target};
use failure::{Failed, Failures, Way, is_login_refused, summary};
pub(super) use setup::{Server, Settings};
pub(super) use socket::PassThrough;

/// How connections of an engine are opened.
pub(super) struct Connector {
    pub(super) config: Config,
    pub(super) tls: Option<Arc<tls::Client>>,
    pub(super) credentials: Option<Source>,
    pub(super) connect_timeout: Duration,
    pub(super) settings: Settings,
    pub(super) statement_cache: usize,
    pub(super) pooler: Pooler,
    pub(super) keeper: Keeper,
    pub(super) totals: Totals,
    pub(super) shelf: Shelf,
    /// How often a prepared statement was found stale.
    pub(super) stale: AtomicU64,
}

impl Connector {
    /// A connection to the first server of the list that lets us in.
    pub(super) async fn connect(&self) -> Result<Link, Error> {
        let Some(source) = &self.credentials else {
            return self.try_servers(&self.config).await.map_err(summary);
        };
        let mut refused = None;
        loop {
            let credentials = source.get(refused.as_ref(), self.connect_timeout).await?;
            let mut config = self.config.clone();
            config.user(&credentials.user).password(&credentials.password);
            match self.try_servers(&config).await {
                // They may have been taken back before their time.
                Err(failures) if refused.is_none() && is_login_refused(&failures) => {
                    refused = Some(credentials);
                }
                outcome => return outcome.map_err(summary),
            }
        }
    }

    async fn try_servers(&self, config: &Config) -> Result<Link, Failures> {
        let mut failures = Vec::new();
        for target in self.targets() {
            let label = format!("{} ({})", target.label, login(config));
            match target.places(self.connect_timeout).await {
                Err(error) => failures.push((label, Failed::Io(error))),
                Ok(places) => {
                    for place in places {
                        match self.try_place(&target, place, config).await {
                            Ok(link) => return Ok(link),
                            Err(failed) => failures.push((label.clone(), failed)),
                        }
                    }
                }
            }
        }
        Err(failures)
    }

    /// Each server of the list.
    fn targets(&self) -> Vec<Target> {
        let (hosts, numbers) = (self.config.get_hosts(), self.config.get_hostaddrs());
        let ports = self.config.get_ports();
        let port = |at: usize| ports.get(at).or(ports.first()).copied().unwrap_or(5432);
        (0..hosts.len().max(numbers.len()))
            .map(|at| match (numbers.get(at), hosts.get(at)) {
                (Some(number), host) => {
                    let address = SocketAddr::new(*number, port(at));
                    let name = match host {
                        Some(Host::Tcp(name)) => name.clone(),
                        _ => number.to_string(),
                    };
                    Target { label: address.to_string(), name, at: At::Known(Place::Tcp(address)) }
                }
                (None, Some(Host::Unix(folder))) => {
                    let path = folder.join(format!(".s.PGSQL.{}", port(at)));
                    let label = path.display().to_string();
                    Target { label, name: String::new(), at: At::Known(Place::Unix(path)) }
                }
                (None, Some(Host::Tcp(name))) => Target {
                    label: format!("{name}:{}", port(at)),
                    name: name.clone(),
                    at: At::Name(name.clone(), port(at)),
                },
                (None, None) => unreachable!("there are as many servers as names or numbers"),
            })
            .collect()
    }

    pub(super) fn servers(&self) -> Vec<String> {
        self.targets().into_iter().map(|target| target.label).collect()
    }

    /// Notes that prepared statements may be stale, on all connections.
    pub(super) fn tables_changed(&self) {
        self.stale.fetch_add(1, Ordering::Relaxed);
    }

    async fn try_place(&self, target: &Target, place: Place, config: &Config) -> Result<Link, Failed> {
        match tokio::time::timeout(self.connect_timeout, self.try_ways(target, place, config)).await {
            Ok(outcome) => outcome,
            Err(_) => Err(Failed::Timeout(self.connect_timeout)),
        }
    }

    /// Encrypted, in plain text, or one after the other, as `sslmode` has it. Sockets of a file are never encrypted.
    async fn try_ways(&self, target: &Target, place: Place, config: &Config) -> Result<Link, Failed> {
        let plain = Address { place, peer: None };
        let tls = match (&plain.place, &self.tls) {
            (Place::Tcp(_), Some(tls)) => tls,
            _ => return self.log_in(plain, config).await,
        };
        let peer = tls.peer(&target.name).map_err(Failed::Io)?;
        let encrypted = Address { peer: Some(peer), ..plain.clone() };
        let (first, second, way) = match tls.mode() {
            tls::Mode::Allow => (plain, encrypted, Way::Encrypted),
            tls::Mode::Prefer => (encrypted, plain, Way::Plain),
            _ => return self.log_in(encrypted, config).await,
        };
        match self.log_in(first, config).await {
            Err(failed) if failed.may_succeed(way) => {
                if way == Way::Plain {
                    let why = failed.explain();
                    tracing::warn!(target: "orm::engine", server = target.label, why, "no TLS, trying plain text");
                }
                self.log_in(second, config).await.map_err(|again| failed.and(way, again))
            }
            outcome => outcome,
        }
    }

    async fn log_in(&self, address: Address, config: &Config) -> Result<Link, Failed> {
        let way = if address.peer.is_some() { Way::Encrypted } else { Way::Plain };
        let failed = |error| Failed::Login(error, way);
        let socket = address.open_as(config).await.map_err(Failed::Io)?;
        let (written, asked) = (socket.written(), socket.asked());
        let (client, connection) = config.connect_raw(socket, PassThrough).await.map_err(failed)?;
        let task = tokio::spawn(async move {
            // Whoever waits for an answer is told; nobody waits for the connection itself.
            if let Err(error) = connection.await {
                tracing::debug!(target: "orm::engine", %error, "a connection ended");
            }
        });
        let client = ClientWrapper::new(client, task);
        let server = setup::set_up(&client, self.settings, self.pooler).await.map_err(failed)?;
        // Else the next message may reach another process, which has other statements, and hands settings on.
        let keeps_statements = self.pooler.keeps_statements(server.is_pooled);
        let keeps_settings = self.pooler.keeps_settings(server.is_pooled);
        Ok(Link {
            client,
            address,
            server,
            local: if keeps_settings { None } else { self.settings.local() },
            cache: Cache::new(if keeps_statements { self.statement_cache } else { 0 }),
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

/// Who logs in, for messages.
fn login(config: &Config) -> String {
    let user = config.get_user();
    let database = config.get_dbname().or(user);
    let name = |name: Option<&str>| name.map_or("of the system's user".to_owned(), |n| format!("\"{n}\""));
    format!("database {}, user {}", name(database), name(user))
}
