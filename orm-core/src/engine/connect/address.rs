//! Where a server is.

use std::fmt;
use std::io;
use std::net::SocketAddr;
use std::path::PathBuf;
use std::time::Duration;

use tokio::net::{TcpStream, UnixStream, lookup_host};

use super::socket::{Socket, Stream};

/// Where one connection goes: kept, so that its queries are cancelled at the same server.
#[derive(Clone, Debug)]
pub(in crate::engine) enum Address {
    Tcp(SocketAddr),
    Unix(PathBuf),
}

/// Where a server is, as the settings say it.
pub(super) enum Place {
    Known(Address),
    Name(String, u16),
}

impl Address {
    pub(in crate::engine) async fn open(&self) -> io::Result<Socket> {
        let stream = match self {
            Address::Tcp(address) => {
                let stream = TcpStream::connect(address).await?;
                stream.set_nodelay(true)?;
                Stream::Tcp(stream)
            }
            Address::Unix(path) => Stream::Unix(UnixStream::connect(path).await?),
        };
        Ok(Socket::new(stream))
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

/// The addresses of a name.
pub(super) async fn resolve(name: &str, port: u16, timeout: Duration) -> io::Result<Vec<Address>> {
    let found = tokio::time::timeout(timeout, lookup_host((name, port))).await??;
    let addresses: Vec<_> = found.map(Address::Tcp).collect();
    if addresses.is_empty() {
        return Err(io::Error::other("the name has no address"));
    }
    Ok(addresses)
}
