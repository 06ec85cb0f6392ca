//! Connection strings, in the two forms PostgreSQL has.

/// The same connection string for another database.
pub(crate) fn with_database(url: &str, database: &str) -> String {
    let Some(scheme) = ["postgresql://", "postgres://"].into_iter().find(|scheme| url.starts_with(scheme))
    else {
        // Of a key given twice the later value counts.
        return format!("{url} dbname={database}");
    };
    // A password may hold the characters that end a host.
    let host = url.find('@').map_or(scheme.len(), |at| at + 1);
    let path = url[host..].find(['/', '?']).map_or(url.len(), |end| host + end);
    let query = url[path..].split_once('?').map_or("", |(_, query)| query);
    let parameters: Vec<&str> =
        query.split('&').filter(|one| !one.is_empty() && !one.starts_with("dbname=")).collect();
    let separator = if parameters.is_empty() { "" } else { "?" };
    format!("{}/{database}{separator}{}", &url[..path], parameters.join("&"))
}

/// Text as a part of a URL.
pub(crate) fn percent_encode(text: impl AsRef<[u8]>) -> String {
    let encode = |byte: &u8| match byte {
        b'a'..=b'z' | b'A'..=b'Z' | b'0'..=b'9' | b'-' | b'.' | b'_' => char::from(*byte).to_string(),
        _ => format!("%{byte:02X}"),
    };
    text.as_ref().iter().map(encode).collect()
}

#[cfg(test)]
mod tests {
    use super::{percent_encode, with_database};
    use tokio_postgres::Config;

    #[test]
    fn another_database_in_a_url() {
        for (url, expected) in [
            ("postgresql://localhost", "postgresql://localhost/mine"),
            ("postgres://u:p@localhost:54320/old", "postgres://u:p@localhost:54320/mine"),
            ("postgresql://app@%2Ftmp%2Fx/app", "postgresql://app@%2Ftmp%2Fx/mine"),
            ("postgresql://localhost?user=u", "postgresql://localhost/mine?user=u"),
            (
                "postgresql://localhost/old?dbname=older&user=u&password=p",
                "postgresql://localhost/mine?user=u&password=p",
            ),
        ] {
            assert_eq!(with_database(url, "mine"), expected);
        }
    }

    #[test]
    fn everything_but_the_database_stays() {
        for url in [
            "postgresql://u:p%2F?@localhost:54320/old?connect_timeout=3",
            "user=u password='p/?' host=localhost port=54320 dbname=old connect_timeout=3",
        ] {
            let config: Config = with_database(url, "mine").parse().expect("connection string");
            let mut expected: Config = url.parse().expect("connection string");
            expected.dbname("mine");
            assert_eq!(config, expected);
        }
    }

    #[test]
    fn reserved_bytes_are_encoded() {
        assert_eq!(percent_encode("/tmp/a b-1.x_y"), "%2Ftmp%2Fa%20b-1.x_y");
    }
}
