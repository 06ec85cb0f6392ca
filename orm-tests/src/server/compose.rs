//! The server of docker-compose.yml.

use std::process::{Command, Stdio};

use super::ServerError;

const FILE: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/../docker-compose.yml");
const URL: &str = "postgresql://orm:orm@127.0.0.1:54320/orm";

/// Whether Docker's daemon answers and the client has Compose.
pub(super) fn answers() -> bool {
    [["info"].as_slice(), &["compose", "version"]].iter().all(|arguments| {
        let mut docker = Command::new("docker");
        docker.args(*arguments).stdin(Stdio::null()).stdout(Stdio::null()).stderr(Stdio::null());
        docker.status().is_ok_and(|status| status.success())
    })
}

/// Starts the server unless it runs already; its URL.
pub(super) fn start() -> Result<String, ServerError> {
    let output = Command::new("docker")
        .args(["compose", "--file", FILE, "up", "--detach", "--wait"])
        .stdin(Stdio::null())
        .output()
        .map_err(|error| ServerError(format!("could not run docker compose: {error}")))?;
    if output.status.success() {
        Ok(URL.to_owned())
    } else {
        let said = String::from_utf8_lossy(&output.stderr);
        Err(ServerError(format!("docker compose could not start PostgreSQL: {}", said.trim_end())))
    }
}
