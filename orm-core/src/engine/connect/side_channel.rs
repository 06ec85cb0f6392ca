//! The server of one connection, reached beside it.

use std::io;
use std::time::Duration;

use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio_postgres::CancelToken;

use super::{Address, PassThrough};

/// SSLRequest: eight bytes long, and answered before any login.
const SSL_REQUEST: [u8; 8] = [0, 0, 0, 8, 4, 210, 22, 47];

/// Where a connection goes, and what the server knows it by.
pub(in crate::engine) struct SideChannel {
    address: Address,
    token: CancelToken,
    /// How long the server may take to answer a cancel request, ROLLBACK, or the question whether it is there.
    pub(in crate::engine) patience: Duration,
}

impl SideChannel {
    pub(super) fn new(address: Address, token: CancelToken, patience: Duration) -> SideChannel {
        SideChannel { address, token, patience }
    }

    /// Cancels what runs, and waits until the server is through with that.
    pub(in crate::engine) async fn cancel(&self) -> io::Result<()> {
        let mut socket = self.address.open().await?.without_half_close();
        self.token.cancel_query_raw(&mut socket, PassThrough).await.map_err(io::Error::other)?;
        // The server closes this connection when it has sent the signal, not before.
        let mut rest = [0; 64];
        while socket.read(&mut rest).await? > 0 {}
        Ok(())
    }

    /// Waits for a sign of life on a connection of its own, without a login. A refusal is one.
    pub(super) async fn is_there(&self) {
        let asked = async {
            let mut socket = self.address.open().await?.without_half_close();
            if self.address.is_encrypted() {
                // It has been asked, and has answered.
                return Ok(0);
            }
            socket.write_all(&SSL_REQUEST).await?;
            socket.read(&mut [0; 1]).await
        };
        // Whatever comes, somebody is there.
        let _ = asked.await;
    }
}
