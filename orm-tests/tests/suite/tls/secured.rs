//! A server of PostgreSQL with TLS, shared by these tests.

use std::net::TcpListener;
use std::sync::OnceLock;

use orm_tests::{OwnServer, ServerSettings, installed_programs};

use super::authority::{Authority, Identity};

pub(super) struct Secured {
    port: u16,
    /// Who signed the server's certificate, which is for `db.example`.
    pub(super) authority: Authority,
    /// Who signs those of clients.
    pub(super) clients: Authority,
    _server: OwnServer,
}

/// Which roles may come how; the other server's roles are here too, by its socket.
const HBA: &str = "\
hostssl all encrypted 127.0.0.1/32 trust
hostnossl all plain 127.0.0.1/32 trust
hostssl all scram 127.0.0.1/32 scram-sha-256
hostssl all certified 127.0.0.1/32 cert
host all all 127.0.0.1/32 reject
";

const ROLES: &str = "SET password_encryption = 'scram-sha-256'; CREATE ROLE encrypted LOGIN; CREATE ROLE plain LOGIN; \
                     CREATE ROLE certified LOGIN; CREATE ROLE scram LOGIN PASSWORD 'right'; \
                     ALTER DATABASE app OWNER TO encrypted;";

/// The server; `None`, with the reason printed, where PostgreSQL's programs are not installed.
pub(super) fn secured() -> Option<&'static Secured> {
    static SERVER: OnceLock<Option<Secured>> = OnceLock::new();
    let server = SERVER.get_or_init(|| {
        if installed_programs().is_none() {
            println!("skipped: PostgreSQL's programs are not installed");
            return None;
        }
        Some(start())
    });
    server.as_ref()
}

fn start() -> Secured {
    let (authority, clients) = (Authority::new(), Authority::new());
    let Identity { certificate, key } = authority.server(&["db.example"]);
    // Somebody else may take the port before the server does.
    for _ in 0..5 {
        let port = TcpListener::bind(("127.0.0.1", 0)).unwrap().local_addr().unwrap().port();
        let settings = ServerSettings {
            configuration: format!(
                "listen_addresses = '127.0.0.1'\nport = {port}\nssl = on\nssl_ca_file = 'clients.crt'\n"
            ),
            hba: HBA.to_owned(),
            sql: ROLES.to_owned(),
            files: [("server.crt", &certificate), ("server.key", &key), ("clients.crt", &clients.pem)]
                .map(|(name, content)| (name.to_owned(), content.clone()))
                .to_vec(),
        };
        match OwnServer::start(&settings) {
            Ok(server) => return Secured { port, authority, clients, _server: server },
            Err(error) => println!("{error}"),
        }
    }
    panic!("the server with TLS does not start");
}

impl Secured {
    /// To connect as a role, with parameters more.
    pub(super) fn url(&self, role: &str, parameters: &str) -> String {
        let port = self.port;
        format!("host=db.example hostaddr=127.0.0.1 port={port} user={role} dbname=app {parameters}")
    }
}
