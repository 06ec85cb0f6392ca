//! An end of TLS before a server, as a cloud has it: with any certificate, and an account of what came.

use std::io;
use std::path::PathBuf;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Mutex, PoisonError};

use rustls::RootCertStore;
use rustls::ServerConfig;
use rustls::crypto::ring;
use rustls::pki_types::pem::PemObject;
use rustls::pki_types::{CertificateDer, PrivateKeyDer};
use rustls::server::WebPkiClientVerifier;
use tokio::io::{AsyncRead, AsyncReadExt, AsyncWrite, AsyncWriteExt, copy_bidirectional};
use tokio::net::{TcpListener, TcpStream, UnixStream};
use tokio::task::JoinHandle;
use tokio_postgres::Config;
use tokio_postgres::config::Host;
use tokio_rustls::TlsAcceptor;

use super::authority::Identity;

/// What an end does.
#[derive(Clone)]
pub(super) struct Manners {
    pub(super) identity: Identity,
    /// The authority whose certificate a client has to have.
    pub(super) client_authority: Option<String>,
    /// What it calls the protocol inside TLS.
    pub(super) protocol: &'static [u8],
    /// How it answers a request for TLS; it speaks it behind `S` alone.
    pub(super) answer: &'static [u8],
}

impl Manners {
    pub(super) fn of(identity: Identity) -> Manners {
        Manners { identity, client_authority: None, protocol: b"postgresql", answer: b"S" }
    }
}

/// What came.
#[derive(Default)]
pub(super) struct Seen {
    pub(super) encrypted: AtomicUsize,
    pub(super) plain: AtomicUsize,
    /// Requests to cancel, inside TLS.
    pub(super) cancels: AtomicUsize,
    /// The name that was asked for last.
    pub(super) name: Mutex<Option<String>>,
}

/// A TCP port with TLS before the server of a database; closed on drop.
pub(super) struct End {
    pub(super) port: u16,
    pub(super) seen: Arc<Seen>,
    config: Config,
    accepting: JoinHandle<()>,
}

impl End {
    pub(super) async fn start(url: &str, manners: Manners) -> End {
        let config: Config = url.parse().unwrap();
        let listener = TcpListener::bind(("127.0.0.1", 0)).await.unwrap();
        let port = listener.local_addr().unwrap().port();
        let seen = Arc::<Seen>::default();
        let acceptor = TlsAcceptor::from(Arc::new(server_config(&manners)));
        let (target, counted) = (config.clone(), Arc::clone(&seen));
        let accepting = tokio::spawn(async move {
            while let Ok((client, _)) = listener.accept().await {
                let (acceptor, target, seen) = (acceptor.clone(), target.clone(), Arc::clone(&counted));
                let answer = manners.answer;
                // How it ended is for the client to say.
                tokio::spawn(async move { drop(serve(client, acceptor, answer, &target, &seen).await) });
            }
        });
        End { port, seen, config, accepting }
    }

    /// To connect to it by a name, with parameters more.
    pub(super) fn url(&self, name: &str, parameters: &str) -> String {
        let database = self.config.get_dbname().unwrap();
        let user = self.config.get_user().unwrap();
        let password = match self.config.get_password() {
            Some(password) => format!("password='{}'", String::from_utf8_lossy(password)),
            None => String::new(),
        };
        format!(
            "host={name} hostaddr=127.0.0.1 port={} user={user} {password} dbname={database} {parameters}",
            self.port
        )
    }
}

impl Drop for End {
    fn drop(&mut self) {
        self.accepting.abort();
    }
}

fn server_config(manners: &Manners) -> ServerConfig {
    let Manners { identity, client_authority, protocol, .. } = manners;
    let provider = Arc::new(ring::default_provider());
    let builder = ServerConfig::builder_with_provider(Arc::clone(&provider))
        .with_safe_default_protocol_versions()
        .unwrap();
    let builder = match client_authority {
        None => builder.with_no_client_auth(),
        Some(pem) => {
            let mut roots = RootCertStore::empty();
            roots.add(CertificateDer::from_pem_slice(pem.as_bytes()).unwrap()).unwrap();
            let verifier = WebPkiClientVerifier::builder_with_provider(Arc::new(roots), provider);
            builder.with_client_cert_verifier(verifier.build().unwrap())
        }
    };
    let certificate = CertificateDer::from_pem_slice(identity.certificate.as_bytes()).unwrap();
    let key = PrivateKeyDer::from_pem_slice(identity.key.as_bytes()).unwrap();
    let mut config = builder.with_single_cert(vec![certificate], key).unwrap();
    if !protocol.is_empty() {
        config.alpn_protocols = vec![protocol.to_vec()];
    }
    config
}

async fn serve(
    mut client: TcpStream,
    acceptor: TlsAcceptor,
    answer: &[u8],
    target: &Config,
    seen: &Seen,
) -> io::Result<()> {
    let mut first = [0];
    client.peek(&mut first).await?;
    // TLS begins with 22, a message of PostgreSQL with its length.
    if first != [22] {
        let message = message(&mut client).await?;
        if message[4..] != [4, 210, 22, 47] {
            seen.plain.fetch_add(1, Ordering::Relaxed);
            return pass(client, message, target).await;
        }
        client.write_all(answer).await?;
        if answer == b"N" {
            let message = self::message(&mut client).await?;
            seen.plain.fetch_add(1, Ordering::Relaxed);
            return pass(client, message, target).await;
        }
        if answer != b"S" {
            return Ok(());
        }
    }
    let mut client = acceptor.accept(client).await?;
    seen.encrypted.fetch_add(1, Ordering::Relaxed);
    let name = client.get_ref().1.server_name().map(str::to_owned);
    *seen.name.lock().unwrap_or_else(PoisonError::into_inner) = name;
    let message = message(&mut client).await?;
    if message[4..8] == [4, 210, 22, 46] {
        seen.cancels.fetch_add(1, Ordering::Relaxed);
    }
    pass(client, message, target).await
}

/// A message without a type, as the first of a connection is.
async fn message(from: &mut (impl AsyncRead + Unpin)) -> io::Result<Vec<u8>> {
    let mut message = vec![0; 4];
    from.read_exact(&mut message).await?;
    let length = u32::from_be_bytes([message[0], message[1], message[2], message[3]]);
    message.resize(usize::try_from(length).unwrap(), 0);
    from.read_exact(&mut message[4..]).await?;
    Ok(message)
}

/// Passes on what was read already, and all that follows.
async fn pass(
    mut client: impl AsyncRead + AsyncWrite + Unpin,
    first: Vec<u8>,
    target: &Config,
) -> io::Result<()> {
    let port = target.get_ports().first().copied().unwrap_or(5432);
    match &target.get_hosts()[0] {
        Host::Unix(folder) => {
            let path: PathBuf = folder.join(format!(".s.PGSQL.{port}"));
            let mut server = UnixStream::connect(path).await?;
            server.write_all(&first).await?;
            copy_bidirectional(&mut client, &mut server).await?;
        }
        Host::Tcp(host) => {
            let mut server = TcpStream::connect((host.as_str(), port)).await?;
            server.write_all(&first).await?;
            copy_bidirectional(&mut client, &mut server).await?;
        }
    }
    Ok(())
}
