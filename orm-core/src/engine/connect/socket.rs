//! The socket of one connection, as the driver sees it.

use std::io;
use std::pin::Pin;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::task::{Context, Poll, ready};

use socket2::{SockRef, TcpKeepalive};
use tokio::io::{AsyncRead, AsyncWrite, ReadBuf};
use tokio::net::{TcpStream, UnixStream};
use tokio_postgres::config::Config;

use super::names::Names;

/// How much is taken at a time, besides what waits for the socket.
const PIECE: usize = 64 * 1024;

pub(super) enum Stream {
    Tcp(TcpStream),
    Unix(UnixStream),
}

/// A socket that names statements in its own way, and counts what was written to it.
pub(in crate::engine) struct Socket {
    stream: Stream,
    names: Names,
    /// What was taken and has not been written from `sent` on.
    outgoing: Vec<u8>,
    sent: usize,
    written: Arc<AtomicU64>,
    half_close: bool,
}

impl Socket {
    pub(super) fn new(stream: Stream) -> Socket {
        let (names, outgoing) = (Names::default(), Vec::new());
        Socket { stream, names, outgoing, sent: 0, written: Arc::default(), half_close: true }
    }

    /// How many bytes were written.
    pub(super) fn written(&self) -> Arc<AtomicU64> {
        Arc::clone(&self.written)
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

    pub(super) fn configure(&self, config: &Config) -> io::Result<()> {
        let Stream::Tcp(stream) = &self.stream else { return Ok(()) };
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
}

impl AsyncRead for Socket {
    fn poll_read(
        mut self: Pin<&mut Self>,
        cx: &mut Context<'_>,
        buffer: &mut ReadBuf<'_>,
    ) -> Poll<io::Result<()>> {
        match &mut self.stream {
            Stream::Tcp(stream) => Pin::new(stream).poll_read(cx, buffer),
            Stream::Unix(stream) => Pin::new(stream).poll_read(cx, buffer),
        }
    }
}

impl Socket {
    /// Writes what was taken before.
    fn poll_outgoing(&mut self, cx: &mut Context<'_>) -> Poll<io::Result<()>> {
        while self.sent < self.outgoing.len() {
            let bytes = &self.outgoing[self.sent..];
            let count = ready!(match &mut self.stream {
                Stream::Tcp(stream) => Pin::new(stream).poll_write(cx, bytes),
                Stream::Unix(stream) => Pin::new(stream).poll_write(cx, bytes),
            })?;
            if count == 0 {
                return Poll::Ready(Err(io::ErrorKind::WriteZero.into()));
            }
            self.sent += count;
            self.written.fetch_add(count as u64, Ordering::Release);
        }
        self.outgoing.clear();
        self.sent = 0;
        Poll::Ready(Ok(()))
    }
}

impl AsyncWrite for Socket {
    fn poll_write(mut self: Pin<&mut Self>, cx: &mut Context<'_>, bytes: &[u8]) -> Poll<io::Result<usize>> {
        ready!(self.poll_outgoing(cx))?;
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
        match &mut self.stream {
            Stream::Tcp(stream) => Pin::new(stream).poll_flush(cx),
            Stream::Unix(stream) => Pin::new(stream).poll_flush(cx),
        }
    }

    fn poll_shutdown(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<io::Result<()>> {
        ready!(self.poll_outgoing(cx))?;
        if !self.half_close {
            return Poll::Ready(Ok(()));
        }
        match &mut self.stream {
            Stream::Tcp(stream) => Pin::new(stream).poll_shutdown(cx),
            Stream::Unix(stream) => Pin::new(stream).poll_shutdown(cx),
        }
    }
}
