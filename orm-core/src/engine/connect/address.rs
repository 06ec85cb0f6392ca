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
    pub(super) place: Endpoint,
    /// Whom TLS is spoken with; `None` for plain text.
    pub(super) peer: Option<Peer>,
}

#[derive(Clone, Debug)]
pub(super) enum Endpoint {
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
            Endpoint::Tcp(address) => TcpStream::connect(address).await?,
            #[cfg(unix)]
            Endpoint::Unix(path) => return Ok(Socket::new(UnixStream::connect(path).await?)),
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

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use socket2::SockRef;
    use tokio::net::{TcpListener, TcpStream};

    use super::configure;
    use crate::engine::connect::bound_silence;

    /// A socket as an URL with these parameters makes it.
    async fn socket(parameters: &[(&str, &str)]) -> TcpStream {
        let listener = TcpListener::bind("127.0.0.1:0").await.expect("a port");
        let stream =
            TcpStream::connect(listener.local_addr().expect("its address")).await.expect("connected");
        let said: Vec<_> = parameters.iter().map(|(name, _)| (*name).to_owned()).collect();
        let text: Vec<_> = parameters.iter().map(|(name, value)| format!("{name}={value}")).collect();
        let mut config = text.join(" ").parse().expect("settings");
        bound_silence(&mut config, &said);
        configure(&stream, &config).expect("a socket");
        stream
    }

    #[cfg(target_os = "linux")]
    #[tokio::test]
    async fn a_silent_network_is_noticed_in_half_a_minute() {
        let stream = socket(&[]).await;
        let socket = SockRef::from(&stream);
        assert!(socket.keepalive().expect("asked"));
        let (idle, interval) =
            (socket.tcp_keepalive_time().expect("idle"), socket.tcp_keepalive_interval().expect("interval"));
        let retries = socket.tcp_keepalive_retries().expect("retries");
        assert_eq!(idle + interval * retries, Duration::from_secs(30));
        assert_eq!(socket.tcp_user_timeout().expect("unacknowledged"), Some(Duration::from_secs(30)));
    }

    #[cfg(target_os = "linux")]
    #[tokio::test]
    async fn what_the_url_says_of_a_silent_network_counts() {
        let stream =
            socket(&[("keepalives_idle", "7"), ("keepalives_retries", "2"), ("tcp_user_timeout", "4000")])
                .await;
        let socket = SockRef::from(&stream);
        assert_eq!(socket.tcp_keepalive_time().expect("idle"), Duration::from_secs(7));
        assert_eq!(socket.tcp_keepalive_interval().expect("interval"), Duration::from_secs(5));
        assert_eq!(socket.tcp_keepalive_retries().expect("retries"), 2);
        let unacknowledged = socket.tcp_user_timeout().expect("unacknowledged");
        assert!(unacknowledged.is_some_and(|time| time != Duration::from_secs(30)), "{unacknowledged:?}");
        let stream = self::socket(&[("keepalives", "0")]).await;
        assert!(!SockRef::from(&stream).keepalive().expect("asked"));
    }
}
