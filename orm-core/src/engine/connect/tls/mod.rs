//! TLS: what is said about it, and how a connection is encrypted.
//!
//! `settings`, what is said. With the feature `tls`: `pem`, certificates and keys read; `verify`, whether a server is
//! trusted; `binding`, what its certificate binds a login to; `explain`, errors in words; `client`, the handshake. Without
//! it `absent` stands for all of them.

#[cfg(not(feature = "tls"))]
mod absent;
#[cfg(feature = "tls")]
mod binding;
#[cfg(feature = "tls")]
mod client;
#[cfg(feature = "tls")]
mod explain;
mod failure;
#[cfg(feature = "tls")]
mod pem;
mod settings;
#[cfg(feature = "tls")]
mod verify;

#[cfg(not(feature = "tls"))]
pub(in crate::engine) use absent::{Client, Peer, explain};
#[cfg(feature = "tls")]
pub(in crate::engine) use client::{Client, Peer};
#[cfg(feature = "tls")]
pub(in crate::engine) use explain::explain;
pub(in crate::engine) use failure::Failure;
pub(in crate::engine) use settings::{Mode, Settings};
#[cfg(any(feature = "tls", test))]
pub(in crate::engine) use settings::{Pem, Roots};
