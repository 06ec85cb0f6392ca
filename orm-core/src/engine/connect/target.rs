//! Which server of a list is wanted: libpq's `target_session_attrs` and `load_balance_hosts`.

use tokio_postgres::{Client, Error as DriverError, SimpleQueryMessage};

use super::Server;
use crate::error::Error;

/// Which server of a list is wanted.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(in crate::engine) enum TargetSessionAttrs {
    #[default]
    Any,
    /// One whose transactions may write.
    ReadWrite,
    /// One whose transactions may not write.
    ReadOnly,
    Primary,
    Standby,
    /// A standby; any other where there is none.
    PreferStandby,
}

const NAMES: [(&str, TargetSessionAttrs); 6] = [
    ("any", TargetSessionAttrs::Any),
    ("read-write", TargetSessionAttrs::ReadWrite),
    ("read-only", TargetSessionAttrs::ReadOnly),
    ("primary", TargetSessionAttrs::Primary),
    ("standby", TargetSessionAttrs::Standby),
    ("prefer-standby", TargetSessionAttrs::PreferStandby),
];

/// What a connection string says of the servers of its list.
#[derive(Clone, Copy, Debug, Default)]
pub(in crate::engine) struct HostSettings {
    pub(in crate::engine) target: TargetSessionAttrs,
    /// Whether servers, and the addresses of each, are tried in random order.
    pub(in crate::engine) is_random: bool,
}

impl HostSettings {
    /// Takes a parameter of the connection string, if it is one of these.
    pub(in crate::engine) fn take(&mut self, name: &str, value: &str) -> Result<bool, Error> {
        match name {
            "target_session_attrs" => match NAMES.iter().find(|(known, _)| *known == value) {
                Some((_, target)) => self.target = *target,
                None => {
                    return Err(unknown(
                        name,
                        "any, read-write, read-only, primary, standby or prefer-standby",
                    ));
                }
            },
            "load_balance_hosts" => match value {
                "disable" => self.is_random = false,
                "random" => self.is_random = true,
                _ => return Err(unknown(name, "disable or random")),
            },
            _ => return Ok(false),
        }
        Ok(true)
    }
}

fn unknown(name: &str, expected: &str) -> Error {
    Error::configuration(format!("the database URL has a {name} that is not known: expected {expected}"))
}

impl TargetSessionAttrs {
    pub(super) fn name(self) -> &'static str {
        NAMES.iter().find(|(_, target)| *target == self).map_or("any", |(name, _)| name)
    }

    /// Whether a server is wanted, or would do for now.
    pub(super) fn fits(self, server: &Server) -> bool {
        match self {
            TargetSessionAttrs::Any => true,
            TargetSessionAttrs::ReadWrite => !server.is_read_only,
            TargetSessionAttrs::ReadOnly => server.is_read_only,
            TargetSessionAttrs::Primary => !server.is_in_recovery,
            TargetSessionAttrs::Standby | TargetSessionAttrs::PreferStandby => server.is_in_recovery,
        }
    }

    /// Whether a statement that is refused because it writes is to be sent to another server.
    pub(in crate::engine) fn wants_writes(self) -> bool {
        matches!(self, TargetSessionAttrs::ReadWrite | TargetSessionAttrs::Primary)
    }

    /// Asks for a sign of life, and whether the server is still one that is wanted.
    pub(in crate::engine) async fn still_fits(
        self,
        client: &Client,
        server: &mut Server,
    ) -> Result<bool, DriverError> {
        if matches!(self, TargetSessionAttrs::Any | TargetSessionAttrs::PreferStandby) {
            return client.batch_execute("").await.map(|()| true);
        }
        let sql = "SELECT pg_catalog.pg_is_in_recovery(), pg_catalog.current_setting('transaction_read_only') = 'on'";
        for message in client.simple_query(sql).await? {
            if let SimpleQueryMessage::Row(row) = message {
                server.is_in_recovery = row.get(0) == Some("t");
                server.is_read_only = row.get(1) == Some("t");
            }
        }
        Ok(self.fits(server))
    }
}

#[cfg(test)]
mod tests {
    use super::{HostSettings, NAMES, Server, TargetSessionAttrs};

    #[test]
    fn each_kind_of_server_is_found_by_what_it_says_of_itself() {
        let server = |is_in_recovery, is_read_only| Server {
            is_pooled: false,
            is_in_recovery,
            is_read_only,
            version: 150_000,
        };
        let (primary, closed, standby) = (server(false, false), server(false, true), server(true, true));
        for (target, fits) in [
            (TargetSessionAttrs::Any, [true, true, true]),
            (TargetSessionAttrs::ReadWrite, [true, false, false]),
            (TargetSessionAttrs::ReadOnly, [false, true, true]),
            (TargetSessionAttrs::Primary, [true, true, false]),
            (TargetSessionAttrs::Standby, [false, false, true]),
            (TargetSessionAttrs::PreferStandby, [false, false, true]),
        ] {
            let found = [&primary, &closed, &standby].map(|server| target.fits(server));
            assert_eq!(found, fits, "{target:?}");
        }
    }

    #[test]
    fn values_are_those_of_libpq_and_others_are_refused_with_their_names() {
        for (name, target) in NAMES {
            let mut settings = HostSettings::default();
            assert!(settings.take("target_session_attrs", name).expect("known"));
            assert_eq!((settings.target, settings.target.name()), (target, name));
        }
        let mut settings = HostSettings::default();
        assert!(settings.take("load_balance_hosts", "random").expect("known") && settings.is_random);
        assert!(!settings.take("host", "random").expect("another's"));
        for name in ["target_session_attrs", "load_balance_hosts"] {
            let refused = settings.take(name, "secret").expect_err("not known").to_string();
            assert!(refused.contains(name) && !refused.contains("secret"), "{refused}");
        }
    }
}
