//! Where a server is.

use std::io;
use std::net::SocketAddr;
#[cfg(unix)]
use std::path::PathBuf;

use socket2::{SockRef, TcpKeepalive};
use tokio::net::TcpStream;
#[cfg(unix)]
use tokio::net::UnixStream;
use tokio_postgres::config::Config;

use super::socket::Socket;
use super::tls::Peer;

/// Where one connection goes, and how: kept, so that its queries are cancelled at the same server in the same way.
#[derive(Clone, Debug)]
pub(in crate::engine) struct Address {
    pub(super) place: Place,
    /// Whom TLS is spoken with; `None` for plain text.
    pub(super) peer: Option<Peer>,
}

#[derive(Clone, Debug)]
pub(super) enum Place {
    Tcp(SocketAddr),
    #[cfg(unix)]
    Unix(PathBuf),
}

impl Address {
    pub(super) fn is_encrypted(&self) -> bool {
        self.peer.is_some()
    }

    /// A socket for a short errand.
    pub(in crate::engine) async fn open(&self) -> io::Result<Socket> {
        self.open_with(|_| Ok(())).await
    }

    /// A socket that is kept, as the settings have it.
    pub(super) async fn open_as(&self, config: &Config) -> io::Result<Socket> {
        self.open_with(|stream| configure(stream, config)).await
    }

    async fn open_with(&self, configure: impl FnOnce(&TcpStream) -> io::Result<()>) -> io::Result<Socket> {
        let stream = match &self.place {
            Place::Tcp(address) => TcpStream::connect(address).await?,
            #[cfg(unix)]
            Place::Unix(path) => return Ok(Socket::new(UnixStream::connect(path).await?)),
        };
        stream.set_nodelay(true)?;
        configure(&stream)?;
        match &self.peer {
            Some(peer) => peer.secure(stream).await,
            None => Ok(Socket::new(stream)),
        }
    }
}

fn configure(stream: &TcpStream, config: &Config) -> io::Result<()> {
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
