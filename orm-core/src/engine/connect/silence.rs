//! How long a connection over TCP outlives a network that has gone silent: half a minute, unless the URL says otherwise.

use std::time::Duration;

use tokio_postgres::Config;

/// Nothing came for so long: the other end is asked, at such intervals, so many times.
const IDLE: Duration = Duration::from_secs(15);
const INTERVAL: Duration = Duration::from_secs(5);
const RETRIES: u32 = 3;

/// What was sent was not acknowledged for so long.
const USER_TIMEOUT: Duration = Duration::from_secs(30);

/// Completes what a connection string says, of which these are the names of parameters.
pub(in crate::engine) fn bound_silence(config: &mut Config, said: &[String]) {
    let is_said = |name: &str| said.iter().any(|said| said == name);
    if !is_said("keepalives_idle") {
        config.keepalives_idle(IDLE);
    }
    if !is_said("keepalives_interval") {
        config.keepalives_interval(INTERVAL);
    }
    if !is_said("keepalives_retries") {
        config.keepalives_retries(RETRIES);
    }
    if !is_said("tcp_user_timeout") {
        config.tcp_user_timeout(USER_TIMEOUT);
    }
}
