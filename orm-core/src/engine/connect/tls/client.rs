//! Our end of TLS: the request for it, and the handshake.

use std::io;
use std::pin::Pin;
use std::sync::Arc;
use std::task::{Context, Poll};

use rustls::ClientConfig;
use rustls::crypto::ring;
use rustls::pki_types::ServerName;
use tokio::io::{AsyncRead, AsyncReadExt, AsyncWrite, AsyncWriteExt, ReadBuf};
use tokio::net::TcpStream;
use tokio_rustls::TlsConnector;
use tokio_rustls::client::TlsStream;

use super::binding::server_end_point;
use super::explain::explain_handshake;
use super::pem::{Trusted, certificates, private_key};
use super::settings::Negotiation;
use super::verify::Verifier;
use super::{Failure, Mode, Roots, Settings};
use crate::engine::connect::socket::Socket;
use crate::error::Error;

/// The length of the message, and the number that stands for a request for TLS.
const SSL_REQUEST: [u8; 8] = [0, 0, 0, 8, 4, 210, 22, 47];

/// What the protocol of PostgreSQL is called inside TLS.
const PROTOCOL: &[u8] = b"postgresql";

/// TLS as the settings of an engine have it.
#[derive(Debug)]
pub(in crate::engine) struct Client {
    config: Arc<ClientConfig>,
    mode: Mode,
    negotiation: Negotiation,
}

/// The server that connections go to, as its certificate is to name it.
#[derive(Clone, Debug)]
pub(in crate::engine) struct Peer {
    client: Arc<Client>,
    name: ServerName<'static>,
}

impl Client {
    /// Reads what the settings name; `None` where they turn TLS off.
    pub(in crate::engine) fn new(settings: &Settings) -> Result<Option<Arc<Client>>, Error> {
        let mode = settings.mode();
        if mode == Mode::Disable {
            return Ok(None);
        }
        // Named, for a program may hold two, and rustls then does not know which to take.
        let provider = Arc::new(ring::default_provider());
        let algorithms = provider.signature_verification_algorithms;
        let trusted = match (mode, &settings.roots) {
            (Mode::VerifyCa | Mode::VerifyFull, None) => Some(Trusted::read(&Roots::System)?),
            (_, None) => None,
            (_, Some(roots)) => Some(Trusted::read(roots)?),
        };
        let verifier = Verifier { algorithms, trusted, name: mode == Mode::VerifyFull };
        let failed = |error: rustls::Error| Error::configuration(format!("TLS cannot be set up: {error}"));
        let config = ClientConfig::builder_with_provider(provider)
            .with_safe_default_protocol_versions()
            .map_err(failed)?
            .dangerous()
            .with_custom_certificate_verifier(Arc::new(verifier));
        let mut config = match (&settings.certificate, &settings.key) {
            (Some(certificate), Some(key)) => config
                .with_client_auth_cert(certificates("sslcert", certificate)?, private_key(key)?)
                .map_err(|error| {
                    let what = "sslcert and sslkey cannot be used together";
                    Error::configuration(format!("{what}: {error}; give the key that the certificate is for"))
                })?,
            _ => config.with_no_client_auth(),
        };
        config.enable_sni = settings.sni;
        config.alpn_protocols = vec![PROTOCOL.to_vec()];
        Ok(Some(Arc::new(Client { config: Arc::new(config), mode, negotiation: settings.negotiation })))
    }

    pub(in crate::engine) fn mode(&self) -> Mode {
        self.mode
    }

    /// The server of that name, which can be an address.
    pub(in crate::engine) fn peer(self: &Arc<Self>, name: &str) -> io::Result<Peer> {
        let name = ServerName::try_from(name.to_owned()).map_err(|_| {
            Failure::error(format!("`{name}` is no name that a certificate can have: check the host"), None)
        })?;
        Ok(Peer { client: Arc::clone(self), name })
    }
}

impl Peer {
    /// The socket with TLS on it; or as it is, where the server has none and that may be.
    pub(in crate::engine) async fn secure(&self, mut stream: TcpStream) -> io::Result<Socket> {
        if self.client.negotiation == Negotiation::Postgres && !self.is_offered(&mut stream).await? {
            return Ok(Socket::new(stream));
        }
        let connector = TlsConnector::from(Arc::clone(&self.client.config));
        let stream = connector
            .connect(self.name.clone(), stream)
            .await
            .map_err(|error| Failure::error(explain_handshake(&error, self.client.negotiation), error))?;
        let (_, session) = stream.get_ref();
        if self.client.negotiation == Negotiation::Direct && session.alpn_protocol() != Some(PROTOCOL) {
            let why = "the server did not agree to speak PostgreSQL inside TLS, which sslnegotiation=direct needs: say \
                       sslnegotiation=postgres";
            return Err(Failure::error(why, None));
        }
        let certificate = session.peer_certificates().and_then(<[_]>::first);
        let end_point = certificate.and_then(|certificate| server_end_point(certificate));
        Ok(Socket::new(Encrypted(stream)).bound_to(end_point))
    }

    async fn is_offered(&self, stream: &mut TcpStream) -> io::Result<bool> {
        stream.write_all(&SSL_REQUEST).await?;
        let mut answer = [0];
        if let Err(error) = stream.read_exact(&mut answer).await {
            let why = "the server ended the connection when it was asked for TLS: check that it is PostgreSQL, and its log";
            return Err(Failure::error(why, error));
        }
        let why = match (answer[0], self.client.mode) {
            (b'S', _) => return Ok(true),
            (b'N', Mode::Prefer) => return Ok(false),
            (b'N', mode) => format!(
                "the server has no TLS, which sslmode={mode} asks for: turn it on there (`ssl = on`), or say \
                 sslmode=disable on a network you trust"
            ),
            // The text of an error would come from anybody on the way.
            (b'E', _) => {
                "the server answered the request for TLS with an error: see its log, or say sslmode=disable"
                    .to_owned()
            }
            _ => "what answers the request for TLS is no PostgreSQL server: check host and port".to_owned(),
        };
        Err(Failure::error(why, None))
    }
}

/// An encrypted socket that ends as a plain one does, though the other end leaves without a farewell.
///
/// The messages of PostgreSQL say their length, so that one cut short is noticed.
struct Encrypted(TlsStream<TcpStream>);

impl AsyncRead for Encrypted {
    fn poll_read(
        mut self: Pin<&mut Self>,
        cx: &mut Context<'_>,
        buffer: &mut ReadBuf<'_>,
    ) -> Poll<io::Result<()>> {
        match Pin::new(&mut self.0).poll_read(cx, buffer) {
            Poll::Ready(Err(error)) if error.kind() == io::ErrorKind::UnexpectedEof => Poll::Ready(Ok(())),
            read => read,
        }
    }
}

impl AsyncWrite for Encrypted {
    fn poll_write(mut self: Pin<&mut Self>, cx: &mut Context<'_>, bytes: &[u8]) -> Poll<io::Result<usize>> {
        Pin::new(&mut self.0).poll_write(cx, bytes)
    }

    fn poll_flush(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<io::Result<()>> {
        Pin::new(&mut self.0).poll_flush(cx)
    }

    fn poll_shutdown(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<io::Result<()>> {
        Pin::new(&mut self.0).poll_shutdown(cx)
    }
}
