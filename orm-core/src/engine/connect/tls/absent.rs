//! What there is of TLS without the feature `tls`: nothing but the word for it.

use std::error::Error as StdError;
use std::io;
use std::sync::Arc;

use tokio::net::TcpStream;

use super::{Mode, Settings};
use crate::engine::connect::socket::Socket;
use crate::error::Error;

#[derive(Debug)]
pub(in crate::engine) enum Client {}

#[derive(Clone, Debug)]
pub(in crate::engine) enum Peer {}

impl Client {
    pub(in crate::engine) fn new(settings: &Settings) -> Result<Option<Arc<Client>>, Error> {
        match settings.mode() {
            Mode::Disable | Mode::Allow | Mode::Prefer => Ok(None),
            mode => Err(Error::configuration(format!(
                "sslmode={mode} needs TLS, which this program was built without: turn on the feature `tls` of orm-core, \
                 which is on by default (`default-features = false` turns it off)"
            ))),
        }
    }

    pub(in crate::engine) fn mode(&self) -> Mode {
        match *self {}
    }

    pub(in crate::engine) fn peer(self: &Arc<Self>, _: &str) -> io::Result<Peer> {
        match **self {}
    }
}

impl Peer {
    pub(in crate::engine) async fn secure(&self, _: TcpStream) -> io::Result<Socket> {
        match *self {}
    }
}

pub(in crate::engine) fn explain(_: &(dyn StdError + 'static)) -> Option<String> {
    None
}
