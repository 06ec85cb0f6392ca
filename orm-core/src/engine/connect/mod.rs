//! Opens connections: `address`, where; `socket`; `names` of statements; the login here; `task`, the driver's half; `setup`,
//! the first round trip; `failure`, why not; `link`, what comes of it.

mod address;
mod failure;
mod link;
mod names;
mod order;
mod setup;
mod silence;
mod socket;
mod target;
mod task;

use std::net::SocketAddr;
use std::time::Duration;

use deadpool_postgres::ClientWrapper;
use tokio_postgres::NoTls;
use tokio_postgres::config::{Config, Host};

use super::cache::Cache;
use super::commit::Commit;
use super::pooler::Pooler;
use super::unanswered::Unanswered;
pub(super) use address::Address;
use address::{Place, resolve};
pub(super) use failure::{ConnectFailure, Retry};
use failure::{Failed, explain_io, summary};
pub(super) use link::Link;
pub(super) use order::Order;
use order::shuffle;
pub(super) use setup::{Server, Settings};
pub(super) use silence::bound_silence;
pub(super) use target::HostSettings;
use target::Target;
pub(super) use task::{Recipient, Unasked};

/// How connections of an engine are opened.
pub(super) struct Connector {
    pub(super) config: Config,
    pub(super) connect_timeout: Duration,
    pub(super) settings: Settings,
    pub(super) statement_cache: usize,
    pub(super) pooler: Pooler,
    pub(super) hosts: HostSettings,
    pub(super) order: Order,
}

/// What came of the servers that were tried.
#[derive(Default)]
struct Tried {
    /// The name of each, why it could not be used in words, and why.
    failures: Vec<(String, String, Failed)>,
    /// One that does where there is no better one.
    second_choice: Option<Link>,
}

impl Connector {
    /// A connection to the first server of the list that lets us in and is one that is wanted.
    pub(super) async fn connect(&self) -> Result<Link, ConnectFailure> {
        let servers = self.servers_and_places();
        let mut tried = Tried::default();
        for at in self.order.of(servers.len(), self.hosts.is_random) {
            let (host, place) = &servers[at];
            match self.try_server(host, place, &mut tried).await {
                Some(link) => {
                    self.order.worked(at);
                    return Ok(link);
                }
                None => self.order.failed(at),
            }
        }
        tried.second_choice.ok_or_else(|| summary(tried.failures))
    }

    async fn try_server(&self, host: &str, place: &Place, tried: &mut Tried) -> Option<Link> {
        let target = format!("{host} ({})", self.login());
        let mut addresses = match place {
            Place::Known(address) => vec![address.clone()],
            Place::Name(name, port) => match resolve(name, *port, self.connect_timeout).await {
                Ok(addresses) => addresses,
                Err(error) => {
                    tried.failures.push((target, explain_io(&error), Failed::Io(error)));
                    return None;
                }
            },
        };
        if self.hosts.is_random {
            shuffle(&mut addresses);
        }
        for address in addresses {
            let failed = match self.try_address(&address).await {
                Ok(link) if self.hosts.target.fits(&link.server) => return Some(link),
                Ok(link) => {
                    let failed = Failed::Unfit(self.hosts.target, link.server);
                    if self.hosts.target == Target::PreferStandby {
                        tried.second_choice.get_or_insert(link);
                    }
                    failed
                }
                Err(failed) => failed,
            };
            tried.failures.push((target.clone(), failed.explain(), failed));
        }
        None
    }

    /// Each server: its name for messages, and where it is.
    fn servers_and_places(&self) -> Vec<(String, Place)> {
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
        self.servers_and_places().into_iter().map(|(name, _)| name).collect()
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
        let (written, asked) = (socket.written(), socket.asked());
        let (client, connection) = self.config.connect_raw(socket, NoTls).await.map_err(Failed::Driver)?;
        let unasked = Recipient::default();
        let task = tokio::spawn(task::run(connection, unasked.clone()));
        let handle = task.abort_handle();
        let client = ClientWrapper::new(client, task);
        let server = setup::set_up(&client, self.settings, self.pooler).await.map_err(Failed::Driver)?;
        // Else the next message may reach another process, which has other statements, and hands settings on.
        let keeps_statements = self.pooler.keeps_statements(server.is_pooled);
        let keeps_settings = self.pooler.keeps_settings(server.is_pooled);
        Ok(Link {
            client,
            task: handle,
            address: address.clone(),
            server,
            unasked,
            local: if keeps_settings { None } else { self.settings.local() },
            cache: Cache::new(if keeps_statements { self.statement_cache } else { 0 }),
            unanswered: Unanswered::default(),
            commit: Commit::default(),
            written,
            asked,
            stray: 0,
        })
    }
}
