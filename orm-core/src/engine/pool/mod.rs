//! The pool: deadpool's, which limits how many connections there are, queues who waits and keeps those that are idle.
//!
//! What it does not do stands beside it. It opens a connection inside the call of who asked, who then cannot take one that
//! is given back meanwhile; so its manager does not open any, but waits for the first of both:
//!
//! - `settings`; `pooled`: a connection as it is kept; `registry`: all that are open
//! - `opener`: opens connections in tasks, and hands over what was opened or given back to the one that waits longest
//! - `manager`: what deadpool asks: a connection where none is idle, and whether an idle one is fit for use
//! - `acquire`: takes a connection, gives it back, closes it; `maintenance`: closes idle connections, keeps some ready;
//!   `close`: the end

mod acquire;
mod close;
mod maintenance;
mod manager;
mod opener;
mod pooled;
mod registry;
mod settings;

pub(super) use acquire::{acquire, discard, open_first, release};
pub(super) use close::{abandon, close};
pub(super) use manager::{Manager, Object, Pool, WeakPool};
pub(super) use settings::PoolSettings;
