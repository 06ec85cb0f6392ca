//! The socket of one connection, as the driver sees it.

use std::convert::Infallible;
use std::future::{Ready, ready};
use std::io;
use std::pin::Pin;
use std::sync::Arc;
use std::sync::atomic::AtomicU64;
use std::task::{Context, Poll, ready};

use tokio::io::{AsyncRead, AsyncWrite, ReadBuf};
use tokio_postgres::tls::{ChannelBinding, TlsConnect, TlsStream};

use super::names::Names;
use crate::engine::wire::Wire;

/// How much is taken at a time, besides what waits for the socket.
const PIECE: usize = 64 * 1024;

/// What bytes go through: plain or encrypted.
trait Stream: AsyncRead + AsyncWrite + Send + Unpin {}

impl<S: AsyncRead + AsyncWrite + Send + Unpin> Stream for S {}

/// A socket that names statements in its own way, and counts what goes through it; in plain text, whatever the network
/// sees.
pub(in crate::engine) struct Socket {
    stream: Box<dyn Stream>,
    names: Names,
    /// What was taken and has not been written from `sent` on.
    outgoing: Vec<u8>,
    sent: usize,
    wire: Arc<Wire>,
    half_close: bool,
    end_point: Option<Vec<u8>>,
}

impl Socket {
    pub(super) fn new(stream: impl AsyncRead + AsyncWrite + Send + Unpin + 'static) -> Socket {
        Socket {
            stream: Box::new(stream),
            names: Names::default(),
            outgoing: Vec::new(),
            sent: 0,
            wire: Arc::default(),
            half_close: true,
            end_point: None,
        }
    }

    /// A socket whose logins are bound to what its encryption ends at.
    #[cfg(feature = "tls")]
    pub(super) fn bound_to(mut self, end_point: Option<Vec<u8>>) -> Socket {
        self.end_point = end_point;
        self
    }

    /// What is counted.
    pub(super) fn wire(&self) -> Arc<Wire> {
        Arc::clone(&self.wire)
    }

    /// How often the driver asked about a type.
    pub(super) fn asked(&self) -> Arc<AtomicU64> {
        self.names.questions.asked()
    }

    /// A socket whose writing half stays open when the driver is done with it.
    ///
    /// PgBouncer 1.18 exits when a client that cancels half-closes its connection.
    pub(in crate::engine) fn without_half_close(mut self) -> Socket {
        self.half_close = false;
        self
    }
}

impl AsyncRead for Socket {
    fn poll_read(
        mut self: Pin<&mut Self>,
        cx: &mut Context<'_>,
        buffer: &mut ReadBuf<'_>,
    ) -> Poll<io::Result<()>> {
        let before = buffer.filled().len();
        let read = Pin::new(&mut self.stream).poll_read(cx, buffer);
        self.wire.read(read.is_ready().then(|| buffer.filled().len() - before));
        read
    }
}

impl Socket {
    /// Writes what was taken before.
    fn poll_outgoing(&mut self, cx: &mut Context<'_>) -> Poll<io::Result<()>> {
        while self.sent < self.outgoing.len() {
            let bytes = &self.outgoing[self.sent..];
            let count = ready!(Pin::new(&mut self.stream).poll_write(cx, bytes))?;
            if count == 0 {
                return Poll::Ready(Err(io::ErrorKind::WriteZero.into()));
            }
            self.sent += count;
            self.wire.wrote(count);
        }
        self.outgoing.clear();
        self.sent = 0;
        Poll::Ready(Ok(()))
    }
}

impl AsyncWrite for Socket {
    fn poll_write(mut self: Pin<&mut Self>, cx: &mut Context<'_>, bytes: &[u8]) -> Poll<io::Result<usize>> {
        if !self.outgoing.is_empty() {
            ready!(self.poll_outgoing(cx))?;
        }
        let taken = &bytes[..bytes.len().min(PIECE)];
        let this = &mut *self;
        this.names.pass(taken, &mut this.outgoing);
        // What does not fit now goes with the next write, or is flushed.
        match self.poll_outgoing(cx) {
            Poll::Ready(Err(error)) => Poll::Ready(Err(error)),
            _ => Poll::Ready(Ok(taken.len())),
        }
    }

    fn poll_flush(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<io::Result<()>> {
        ready!(self.poll_outgoing(cx))?;
        Pin::new(&mut self.stream).poll_flush(cx)
    }

    fn poll_shutdown(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<io::Result<()>> {
        ready!(self.poll_outgoing(cx))?;
        if !self.half_close {
            return Poll::Ready(Ok(()));
        }
        Pin::new(&mut self.stream).poll_shutdown(cx)
    }
}

/// What the driver is given to encrypt with, for it may not ask the server for TLS: the socket is as it is to be.
///
/// Its settings are `SslMode::Require` and `SslNegotiation::Direct`, with which it takes this for the encryption.
pub(in crate::engine) struct PassThrough;

impl<S: TlsStream + Unpin> TlsConnect<S> for PassThrough {
    type Stream = S;
    type Error = Infallible;
    type Future = Ready<Result<S, Infallible>>;

    fn connect(self, stream: S) -> Self::Future {
        ready(Ok(stream))
    }
}

impl TlsStream for Socket {
    fn channel_binding(&self) -> ChannelBinding {
        match &self.end_point {
            Some(end_point) => ChannelBinding::tls_server_end_point(end_point.clone()),
            None => ChannelBinding::none(),
        }
    }
}

impl TlsStream for &mut Socket {
    fn channel_binding(&self) -> ChannelBinding {
        TlsStream::channel_binding(&**self)
    }
}
