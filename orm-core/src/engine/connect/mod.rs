//! Opens connections: `host`, to whom; `target`, `order`, to which of them; `address`, where; `tls`, encrypted; `socket`;
//! `names` of statements; the login here; `task`, the driver's half; `unasked`, what the server sends unasked;
//! `side_channel`, the server beside it; `setup`, the first round trip; `failure`, why not; `link`, what comes of it.

mod address;
mod failure;
mod host;
mod link;
mod names;
mod order;
mod setup;
mod side_channel;
mod silence;
mod socket;
mod target;
mod task;
pub(super) mod tls;
mod unasked;

use std::sync::Arc;
use std::time::Duration;

use deadpool_postgres::ClientWrapper;
use tokio_postgres::Config;

use super::cache::Cache;
use super::commit::Commit;
use super::credentials::Source;
use super::pending_control::PendingControl;
use super::pooler::Pooler;
pub(super) use address::Address;
use address::Endpoint;
pub(super) use failure::{ConnectFailure, Retry};
use failure::{Failed, Failures, Way, is_login_refused, summary};
use host::Host;
pub(super) use link::Link;
pub(super) use order::Order;
use order::shuffle;
pub(super) use setup::{Server, Settings};
pub(super) use side_channel::SideChannel;
pub(super) use silence::bound_silence;
pub(super) use socket::PassThrough;
pub(super) use target::HostSettings;
use target::TargetSessionAttrs;
use task::Task;
pub(super) use task::TimeLimits;
pub(super) use unasked::{Recipient, Unasked};

/// How connections of an engine are opened.
pub(super) struct Connector {
    pub(super) config: Config,
    pub(super) tls: Option<Arc<tls::Client>>,
    pub(super) credentials: Option<Arc<Source>>,
    pub(super) connect_timeout: Duration,
    pub(super) settings: Settings,
    pub(super) limits: TimeLimits,
    pub(super) cancel_timeout: Duration,
    pub(super) statement_cache: usize,
    pub(super) pooler: Pooler,
    pub(super) hosts: HostSettings,
    pub(super) order: Order,
}

/// What came of the servers that were tried.
#[derive(Default)]
struct Tried {
    failures: Failures,
    /// One that does where there is no better one.
    second_choice: Option<Link>,
}

impl Connector {
    /// A connection to the first server of the list that lets us in and is one that is wanted.
    pub(super) async fn connect(&self) -> Result<Link, ConnectFailure> {
        let Some(source) = &self.credentials else {
            return self.try_servers(&self.config).await.map_err(summary);
        };
        let mut refused = None;
        loop {
            let credentials = source.get(refused.as_ref(), self.connect_timeout).await;
            let credentials =
                credentials.map_err(|error| ConnectFailure { error, retry: Retry::IfReachedBefore })?;
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
        let servers = Host::list(config);
        let mut tried = Tried::default();
        for at in self.order.of(servers.len(), self.hosts.is_random) {
            match self.try_server(&servers[at], config, &mut tried).await {
                Some(link) => {
                    self.order.worked(at);
                    return Ok(link);
                }
                None => self.order.failed(at),
            }
        }
        tried.second_choice.ok_or(tried.failures)
    }

    async fn try_server(&self, host: &Host, config: &Config, tried: &mut Tried) -> Option<Link> {
        let label = format!("{} ({})", host.label, login(config));
        let mut places = match host.places(self.connect_timeout).await {
            Ok(places) => places,
            Err(error) => {
                tried.failures.push((label, Failed::Name(host.name.clone(), error)));
                return None;
            }
        };
        if self.hosts.is_random {
            shuffle(&mut places);
        }
        for place in places {
            let failed = match self.try_place(host, place, config).await {
                Ok(link) if self.hosts.target.fits(&link.server) => return Some(link),
                Ok(link) => {
                    let failed = Failed::Unfit(self.hosts.target, link.server);
                    if self.hosts.target == TargetSessionAttrs::PreferStandby {
                        tried.second_choice.get_or_insert(link);
                    }
                    failed
                }
                Err(failed) => failed,
            };
            tried.failures.push((label.clone(), failed));
        }
        None
    }

    pub(super) fn servers(&self) -> Vec<String> {
        Host::list(&self.config).into_iter().map(|host| host.label).collect()
    }

    async fn try_place(&self, host: &Host, place: Endpoint, config: &Config) -> Result<Link, Failed> {
        match tokio::time::timeout(self.connect_timeout, self.try_ways(host, place, config)).await {
            Ok(outcome) => outcome,
            Err(_) => Err(Failed::Timeout(self.connect_timeout)),
        }
    }

    /// Encrypted, in plain text, or one after the other, as `sslmode` has it. Sockets of a file are never encrypted.
    async fn try_ways(&self, host: &Host, place: Endpoint, config: &Config) -> Result<Link, Failed> {
        let plain = Address { place, peer: None };
        let tls = match (&plain.place, &self.tls) {
            (Endpoint::Tcp(_), Some(tls)) => tls,
            _ => return self.log_in(plain, config).await,
        };
        let peer = tls.peer(&host.name).map_err(Failed::Io)?;
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
                    tracing::warn!(target: "orm::engine", server = host.label, why, "no TLS, trying plain text");
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
        let (wire, asked) = (socket.wire(), socket.asked());
        let (client, connection) = config.connect_raw(socket, PassThrough).await.map_err(failed)?;
        let side = SideChannel::new(address, client.cancel_token(), self.cancel_timeout);
        let side = Arc::new(side);
        let unasked = Recipient::default();
        let task = Task::new(connection, Arc::clone(&wire), Arc::clone(&side), unasked.clone(), self.limits);
        let task = tokio::spawn(task.run());
        let handle = task.abort_handle();
        let client = ClientWrapper::new(client, task);
        let server = setup::set_up(&client, self.settings, self.pooler).await.map_err(failed)?;
        // Else the next message may reach another process, which has other statements, and hands settings on.
        let keeps_statements = self.pooler.keeps_statements(server.is_pooled);
        let keeps_settings = self.pooler.keeps_settings(server.is_pooled);
        Ok(Link {
            client,
            task: handle,
            side,
            server,
            unasked,
            local: if keeps_settings { None } else { self.settings.local() },
            cache: Cache::new(if keeps_statements { self.statement_cache } else { 0 }),
            pending_control: PendingControl::on(Arc::clone(&wire)),
            commit: Commit::default(),
            wire,
            asked,
            stray: 0,
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
