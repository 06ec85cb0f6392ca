//! The servers of a list, as the settings name them.

use std::io;
use std::net::SocketAddr;
use std::time::Duration;

use tokio::net::lookup_host;
use tokio_postgres::config::{Config, Host as Named};

use super::address::Endpoint;

pub(super) struct Host {
    /// What messages call it.
    pub(super) label: String,
    /// What its certificate is to call it.
    pub(super) name: String,
    at: At,
}

enum At {
    Known(Endpoint),
    Name(String, u16),
}

impl Host {
    /// Each server of the list.
    pub(super) fn list(config: &Config) -> Vec<Host> {
        let (hosts, numbers) = (config.get_hosts(), config.get_hostaddrs());
        let ports = config.get_ports();
        let port = |at: usize| ports.get(at).or(ports.first()).copied().unwrap_or(5432);
        (0..hosts.len().max(numbers.len()))
            .map(|at| match (numbers.get(at), hosts.get(at)) {
                (Some(number), host) => {
                    let address = SocketAddr::new(*number, port(at));
                    let name = match host {
                        Some(Named::Tcp(name)) => name.clone(),
                        _ => number.to_string(),
                    };
                    Host { label: address.to_string(), name, at: At::Known(Endpoint::Tcp(address)) }
                }
                #[cfg(unix)]
                (None, Some(Named::Unix(folder))) => {
                    let path = folder.join(format!(".s.PGSQL.{}", port(at)));
                    let label = path.display().to_string();
                    Host { label, name: String::new(), at: At::Known(Endpoint::Unix(path)) }
                }
                (None, Some(Named::Tcp(name))) => Host {
                    label: format!("{name}:{}", port(at)),
                    name: name.clone(),
                    at: At::Name(name.clone(), port(at)),
                },
                (None, None) => unreachable!("there are as many servers as names or numbers"),
            })
            .collect()
    }

    /// All that its name stands for.
    pub(super) async fn places(&self, timeout: Duration) -> io::Result<Vec<Endpoint>> {
        match &self.at {
            At::Known(place) => Ok(vec![place.clone()]),
            At::Name(name, port) => resolve(name, *port, timeout).await,
        }
    }
}

/// The addresses of a name.
async fn resolve(name: &str, port: u16, timeout: Duration) -> io::Result<Vec<Endpoint>> {
    let found = tokio::time::timeout(timeout, lookup_host((name, port))).await??;
    let places: Vec<_> = found.map(Endpoint::Tcp).collect();
    if places.is_empty() {
        return Err(io::Error::other("the name has no address"));
    }
    Ok(places)
}
