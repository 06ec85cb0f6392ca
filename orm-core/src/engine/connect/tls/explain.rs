//! What went wrong with TLS, in words that say what to do.

use std::error::Error as StdError;
use std::io;
use std::iter;
use std::time::Duration;

use rustls::pki_types::UnixTime;
use rustls::{AlertDescription, CertificateError, Error};

use super::settings::Negotiation;

/// What stands behind an error that came up later, if it is TLS: a server may look at a certificate after the handshake.
pub(in crate::engine) fn explain(error: &(dyn StdError + 'static)) -> Option<String> {
    iter::successors(Some(error), |&error| error.source())
        .filter_map(|error| error.downcast_ref::<io::Error>())
        .find_map(rustls_error)
        .map(explain_tls)
}

pub(super) fn explain_handshake(error: &io::Error, negotiation: Negotiation) -> String {
    let direct = match negotiation {
        Negotiation::Direct => {
            "; sslnegotiation=direct needs PostgreSQL 17 or newer, else say sslnegotiation=postgres"
        }
        Negotiation::Postgres => "",
    };
    match rustls_error(error) {
        Some(Error::InvalidMessage(_)) => {
            format!("what answers the TLS handshake does not speak TLS: check host and port{direct}")
        }
        Some(error) => explain_tls(error),
        None => format!("the TLS handshake was not ended ({error}): see the server's log{direct}"),
    }
}

fn rustls_error(error: &io::Error) -> Option<&Error> {
    error.get_ref()?.downcast_ref()
}

fn explain_tls(error: &Error) -> String {
    match error {
        Error::InvalidCertificate(error) => explain_certificate(error),
        Error::AlertReceived(alert) => explain_alert(*alert),
        Error::PeerIncompatible(_) => {
            format!("{error}: TLS 1.2 and 1.3 are spoken, see what the server allows")
        }
        _ => format!("TLS failed: {error}"),
    }
}

fn explain_certificate(error: &CertificateError) -> String {
    match error {
        CertificateError::ExpiredContext { time, not_after } => format!(
            "the server's certificate has expired {} ago: renew it, or set this machine's clock if that is wrong",
            between(*not_after, *time)
        ),
        CertificateError::NotValidYetContext { time, not_before } => format!(
            "the server's certificate is valid in {} only: set this machine's clock, or the server's when it makes one",
            between(*time, *not_before)
        ),
        // The signature is bad where a trusted authority has the same name, such as one that was made anew.
        CertificateError::UnknownIssuer | CertificateError::BadSignature => {
            "the server's certificate is of an authority that is not trusted: name the authority's certificate with \
             sslrootcert (or `root_certificate` of the builder)"
                .to_owned()
        }
        CertificateError::NotValidForNameContext { expected, presented } => {
            let has = if presented.is_empty() {
                // Common names are not looked at.
                "names no host (it has no subjectAltName)".to_owned()
            } else {
                format!("is for {}", presented.iter().map(|name| plain(name)).collect::<Vec<_>>().join(", "))
            };
            format!(
                "the server's certificate {has}, not for {}: connect by a name it has (with hostaddr for the address), or \
                 say sslmode=verify-ca, which trusts every server of that authority",
                expected.to_str()
            )
        }
        error => format!("the server's certificate cannot be used ({error:?}): have another one made for it"),
    }
}

/// `DnsName("a.b")` is shown as `a.b`.
fn plain(name: &str) -> &str {
    name.split_once("(\"").and_then(|(_, rest)| rest.strip_suffix("\")")).unwrap_or(name)
}

fn explain_alert(alert: AlertDescription) -> String {
    use AlertDescription as Alert;
    match alert {
        Alert::CertificateRequired | Alert::NoCertificate => {
            "the server asks for a certificate of ours: give one with sslcert and sslkey (or `client_certificate` of the \
             builder)"
                .to_owned()
        }
        Alert::UnknownCA
        | Alert::BadCertificate
        | Alert::UnsupportedCertificate
        | Alert::CertificateRevoked
        | Alert::CertificateExpired
        | Alert::CertificateUnknown
        | Alert::AccessDenied
        | Alert::DecryptError => format!(
            "the server refuses the certificate of sslcert ({alert:?}): check that it is valid and of an authority that the \
             server trusts (its ssl_ca_file)"
        ),
        Alert::ProtocolVersion | Alert::HandshakeFailure | Alert::InsufficientSecurity => format!(
            "the server has no TLS version or cipher in common with us ({alert:?}): it has to allow TLS 1.2 or 1.3"
        ),
        Alert::UnrecognisedName => {
            "the server does not know the name it was asked for: check the host, or say sslsni=0".to_owned()
        }
        _ => format!("the server ended TLS ({alert:?}): see its log"),
    }
}

fn between(earlier: UnixTime, later: UnixTime) -> String {
    let apart = Duration::from_secs(later.as_secs().saturating_sub(earlier.as_secs()));
    let (count, unit) = match apart.as_secs() {
        seconds @ 0..120 => (seconds, "seconds"),
        seconds @ 120..7_200 => (seconds / 60, "minutes"),
        seconds @ 7_200..172_800 => (seconds / 3_600, "hours"),
        seconds => (seconds / 86_400, "days"),
    };
    format!("{count} {unit}")
}

#[cfg(test)]
mod tests {
    use super::{UnixTime, between, explain_certificate, plain};
    use rustls::CertificateError;
    use std::time::Duration;

    #[test]
    fn times_are_told_in_units_of_their_size() {
        let at = |seconds| UnixTime::since_unix_epoch(Duration::from_secs(seconds));
        for (seconds, said) in
            [(1, "1 seconds"), (7_199, "119 minutes"), (7_200, "2 hours"), (864_000, "10 days")]
        {
            assert_eq!(between(at(100), at(100 + seconds)), said);
        }
        let error = CertificateError::NotValidYetContext { time: at(0), not_before: at(600) };
        let said = explain_certificate(&error);
        assert!(said.contains("in 10 minutes") && said.contains("clock"), "{said}");
    }

    #[test]
    fn names_are_told_as_they_are_written() {
        assert_eq!(plain("DnsName(\"db.example\")"), "db.example");
        assert_eq!(plain("IpAddress(127.0.0.1)"), "IpAddress(127.0.0.1)");
    }
}
