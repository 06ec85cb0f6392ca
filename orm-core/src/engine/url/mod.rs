//! Reads where to connect, and how, from a URL or a list of `key=value`.
//!
//! The driver reads what it knows; `parameters` takes out what it does not.

mod parameters;

use tokio_postgres::Config;
use tokio_postgres::config::{ChannelBinding, Host};

use super::connect::{HostSettings, bound_silence, tls};
use crate::error::Error;

const SCHEMES: [&str; 2] = ["postgresql://", "postgres://"];

/// Parameters of other programs and of libpq that mean nothing here, and what is there instead.
const FOREIGN: [(&str, &str); 13] = [
    ("pgbouncer", "remove it: a pooler is found out, or said by `.pooler(..)` of the builder"),
    ("connection_limit", "remove it, and set `.pool_size(..)` of the builder"),
    ("pool_timeout", "remove it, and set `.acquire_timeout(..)` of the builder"),
    ("schema", "say options=-c%20search_path%3D.. instead"),
    ("sslaccept", "say sslmode=require, or sslmode=verify-full, instead"),
    ("ssl", "say sslmode=require, or sslmode=disable, instead"),
    ("sslpassword", "remove it, and give a key without a passphrase (`openssl pkey -in KEY -out PLAIN`)"),
    ("sslcrl", "remove it: lists of revoked certificates are not read"),
    ("sslcrldir", "remove it: lists of revoked certificates are not read"),
    ("ssl_min_protocol_version", "remove it: TLS 1.2 and 1.3 are spoken"),
    ("ssl_max_protocol_version", "remove it: TLS 1.2 and 1.3 are spoken"),
    ("gssencmode", "remove it: there is no GSSAPI here"),
    ("client_encoding", "remove it: it is always UTF8"),
];

/// Where to connect, and how.
#[derive(Clone, Debug)]
pub(super) struct Url {
    pub(super) config: Config,
    pub(super) hosts: HostSettings,
    pub(super) tls: tls::Settings,
}

/// Reads a URL or a list of `key=value`. No message repeats text that could be a password.
pub(super) fn read(url: &str) -> Result<Url, Error> {
    let is_url = SCHEMES.iter().any(|scheme| url.starts_with(scheme));
    if !is_url && let Some((scheme, _)) = url.split_once("://") {
        let plain = scheme.chars().all(|c| c.is_ascii_alphanumeric() || "+-.".contains(c));
        let found = if plain { format!(", found {scheme}://") } else { String::new() };
        return Err(Error::configuration(format!("expected a URL that starts with postgresql://{found}")));
    }
    if !is_url && url.starts_with("postgres") && !url.contains('=') {
        return Err(Error::configuration(
            "expected a URL that starts with postgresql://, with a colon and two slashes",
        ));
    }
    let (mut hosts, mut tls, mut said) = (HostSettings::default(), tls::Settings::default(), Vec::new());
    let known = parameters::without(url, |name, value| {
        said.push(name.to_owned());
        // What libpq itself does without GSSAPI.
        let of_gssapi = name == "gssencmode" && matches!(value, "disable" | "prefer");
        Ok(of_gssapi || hosts.take(name, value)? || tls.take(name, value)?)
    })?;
    let mut config: Config =
        known.parse().map_err(|error: tokio_postgres::Error| unreadable(&error, is_url))?;
    if config.get_hosts().iter().any(|host| matches!(host, Host::Tcp(name) if name.contains('@'))) {
        return Err(Error::configuration(
            "the database URL has more than one `@`: write %40 for one that belongs to the user or the password",
        ));
    }
    bound_silence(&mut config, &said);
    Ok(Url { config, hosts, tls })
}

fn unreadable(error: &tokio_postgres::Error, is_url: bool) -> Error {
    let cause = std::error::Error::source(error).map(ToString::to_string).unwrap_or_default();
    let unknown = cause.strip_prefix("unknown option `").and_then(|rest| rest.strip_suffix('`'));
    if let Some(name) = unknown
        && let Some((_, instead)) = FOREIGN.iter().find(|(foreign, _)| *foreign == name)
    {
        return Error::configuration(format!("the database URL has a parameter `{name}`: {instead}"));
    }
    let tell = is_url || cause.starts_with("invalid value for option");
    let cause = match unknown {
        _ if !tell => "a part of it is no `key=value` that is known".to_owned(),
        Some(name) => format!("there is no parameter `{name}`: remove it"),
        None => cause,
    };
    Error::configuration(format!(
        "the database URL cannot be read: {cause}; expected postgresql://user:password@host:port/database"
    ))
}

impl Url {
    /// Refuses what contradicts itself.
    pub(super) fn check(&self) -> Result<(), Error> {
        let config = &self.config;
        let (hosts, numbers, ports) =
            (config.get_hosts().len(), config.get_hostaddrs().len(), config.get_ports().len());
        let servers = hosts.max(numbers);
        let refused = if servers == 0 {
            "the database URL names no host: expected postgresql://user:password@host:port/database"
        } else if hosts > 0 && numbers > 0 && hosts != numbers {
            "the database URL has another number of hosts than of hostaddrs"
        } else if ports > 1 && ports != servers {
            "the database URL has another number of ports than of hosts"
        } else if config.get_channel_binding() == ChannelBinding::Require
            && self.tls.mode() == tls::Mode::Disable
        {
            "channel_binding=require needs TLS, which sslmode=disable turns off: say sslmode=require"
        } else {
            return self.tls.check();
        };
        Err(Error::configuration(refused))
    }

    /// Refuses what cannot be sent, by its name, which the driver does not tell.
    pub(super) fn check_text(&self) -> Result<(), Error> {
        let config = &self.config;
        let settings = [
            ("user", config.get_user()),
            ("database", config.get_dbname()),
            ("options", config.get_options()),
            ("application name", config.get_application_name()),
        ];
        match settings.into_iter().find(|(_, value)| value.is_some_and(|value| value.contains('\0'))) {
            Some((name, _)) => {
                Err(Error::configuration(format!("the {name} cannot hold the character NUL: remove it")))
            }
            None => Ok(()),
        }
    }
}

#[cfg(test)]
mod tests {
    use tokio_postgres::config::ChannelBinding;

    use super::{Url, read};
    use crate::engine::connect::tls::{Mode, Pem, Roots};

    fn url(text: &str) -> Url {
        let url = read(text).unwrap_or_else(|error| panic!("{text}: {error}"));
        url.check().and_then(|()| url.check_text()).unwrap_or_else(|error| panic!("{text}: {error}"));
        url
    }

    fn file(path: &str) -> Pem {
        Pem::File(path.into())
    }

    #[test]
    fn what_clouds_give_is_read_as_it_is() {
        let neon = url(
            "postgresql://ann:p%40ss@ep-x-pooler.eu-central-1.aws.neon.tech/db?sslmode=require&channel_binding=require\
             &options=endpoint%3Dep-x",
        );
        assert_eq!(neon.tls.mode(), Mode::Require);
        assert_eq!(neon.config.get_channel_binding(), ChannelBinding::Require);
        assert_eq!(
            (neon.config.get_options(), neon.config.get_password()),
            (Some("endpoint=ep-x"), Some(&b"p@ss"[..]))
        );

        let supabase = url("postgres://postgres.ref:p@aws-0-eu-central-1.pooler.supabase.com:6543/postgres");
        assert_eq!((supabase.tls.mode(), supabase.config.get_user()), (Mode::Prefer, Some("postgres.ref")));

        let rds = url(
            "postgresql://ann:p@db.x.rds.amazonaws.com/db?sslmode=verify-full&sslrootcert=%2Fetc%2Fglobal-bundle.pem",
        );
        assert_eq!(rds.tls.roots, Some(Roots::Pem(file("/etc/global-bundle.pem"))));

        let azure = url(
            "host=n.postgres.database.azure.com port=5432 dbname=db user=ann@n password='p q' sslmode=require",
        );
        assert_eq!((azure.tls.mode(), azure.config.get_user()), (Mode::Require, Some("ann@n")));

        let cloud_sql = url(
            "sslmode=verify-ca sslrootcert=server-ca.pem sslcert=client-cert.pem sslkey='client key.pem' \
             hostaddr=10.0.0.3 user=ann dbname=db",
        );
        assert_eq!(cloud_sql.tls.mode(), Mode::VerifyCa);
        assert_eq!(cloud_sql.tls.certificate, Some(file("client-cert.pem")));
        assert_eq!(cloud_sql.tls.key, Some(file("client key.pem")));

        let heroku = url("postgres://ann:p@h/db?ssl=true&gssencmode=disable&sslsni=1");
        assert_eq!(heroku.tls.mode(), Mode::Require);
    }

    #[test]
    fn certificates_to_trust_are_asked_for_unless_the_url_says_otherwise() {
        for (parameters, mode) in [
            ("", Mode::Prefer),
            ("sslrootcert=", Mode::Prefer),
            ("sslrootcert=system", Mode::VerifyFull),
            ("sslrootcert=/ca.pem", Mode::VerifyFull),
            ("sslrootcert=/ca.pem&sslmode=prefer", Mode::Prefer),
        ] {
            assert_eq!(url(&format!("postgresql://h/db?{parameters}")).tls.mode(), mode, "{parameters}");
        }
    }
}
