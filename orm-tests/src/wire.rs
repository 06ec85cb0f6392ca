//! A proxy before a PostgreSQL server, to disturb a connection on purpose.

use std::collections::VecDeque;
use std::io;
use std::path::PathBuf;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use tokio::io::{AsyncRead, AsyncReadExt, AsyncWrite, AsyncWriteExt};
use tokio::net::{TcpListener, TcpStream, UnixStream};
use tokio::sync::{mpsc, watch};
use tokio::task::JoinHandle;
use tokio::time::{Instant, sleep_until};
use tokio_postgres::Config;
use tokio_postgres::config::Host;

use crate::url::percent_encode;

/// A TCP port that passes every byte on to a server and back, encrypted or not; closed on drop.
#[derive(Debug)]
pub struct Proxy {
    url: String,
    port: u16,
    target: Target,
    flow: watch::Sender<Flow>,
    replacements: Replacements,
    translations: Translations,
    accepted: Arc<AtomicUsize>,
    accepting: Mutex<JoinHandle<()>>,
}

/// What connections have to heed.
#[derive(Clone, Copy, Debug, Default)]
struct Flow {
    stalled: bool,
    cuts: usize,
    /// How often all connections of the time were forgotten.
    forgotten: usize,
    delay: Duration,
    /// The SQLSTATE that every new connection is refused with.
    refusal: Option<&'static str>,
}

/// What is replaced wherever a server says it.
type Translations = Arc<Mutex<Vec<(Vec<u8>, Vec<u8>)>>>;

/// What is replaced in what passes.
#[derive(Clone)]
struct Edits {
    replacements: Replacements,
    translations: Translations,
}

type Replacements = Arc<Mutex<VecDeque<(Vec<u8>, Vec<u8>)>>>;

#[derive(Clone, Debug)]
enum Target {
    Tcp(String, u16),
    Unix(PathBuf),
}

impl Proxy {
    /// A proxy before the server of `target_url`, of which it takes user, password and database.
    ///
    /// # Panics
    ///
    /// When `target_url` is no connection string of a host, or no port is free.
    pub async fn start(target_url: &str) -> Proxy {
        let config: Config = target_url.parse().expect("a connection string");
        let target = Target::of(&config);
        let listener = TcpListener::bind(("127.0.0.1", 0)).await.expect("a free port");
        let port = listener.local_addr().expect("a bound port").port();
        let proxy = Proxy {
            url: url(&config, port),
            port,
            target,
            flow: watch::Sender::new(Flow::default()),
            replacements: Replacements::default(),
            translations: Translations::default(),
            accepted: Arc::default(),
            accepting: Mutex::new(tokio::spawn(async {})),
        };
        proxy.accept(listener);
        proxy
    }

    fn accept(&self, listener: TcpListener) {
        let accepted = Arc::clone(&self.accepted);
        let edits = Edits {
            replacements: Arc::clone(&self.replacements),
            translations: Arc::clone(&self.translations),
        };
        let task = tokio::spawn(accept(listener, self.target.clone(), self.flow.clone(), edits, accepted));
        *self.accepting.lock().unwrap_or_else(PoisonError::into_inner) = task;
    }

    /// How many connections were accepted, those refused by [`Proxy::refuse`] included.
    pub fn accepted(&self) -> usize {
        self.accepted.load(Ordering::Relaxed)
    }

    /// Refuses new connections from now on as the server would, with a FATAL error of this SQLSTATE; `None` lets them in.
    pub fn refuse(&self, code: Option<&'static str>) {
        self.flow.send_modify(|flow| flow.refusal = code);
    }

    /// Passes nothing on any more of the present connections, in both directions, and leaves them open: what a network
    /// does that has forgotten them. New ones are not concerned.
    pub fn forget(&self) {
        self.flow.send_modify(|flow| flow.forgotten += 1);
    }

    /// Drops all present connections, and closes the port: the system refuses new ones until [`Proxy::open`].
    pub async fn close(&self) {
        let accepting = std::mem::replace(
            &mut *self.accepting.lock().unwrap_or_else(PoisonError::into_inner),
            tokio::spawn(async {}),
        );
        accepting.abort();
        // The port is closed when the task has ended.
        let _ = accepting.await;
        self.cut();
    }

    /// Accepts connections again after [`Proxy::close`].
    ///
    /// # Panics
    ///
    /// When the port was taken by another program meanwhile.
    pub async fn open(&self) {
        self.accept(TcpListener::bind(("127.0.0.1", self.port)).await.expect("the port is free still"));
    }

    /// The URL to connect to the server through this proxy.
    pub fn url(&self) -> &str {
        &self.url
    }

    /// Replaces the next occurrence of `from` in what clients send, once. It is looked for in what arrives at a
    /// time, so it has to be short and part of one message. Several wait in the order given.
    ///
    /// # Panics
    ///
    /// When `to` is not as long as `from`: PostgreSQL's messages carry their length.
    pub fn replace_next(&self, from: &[u8], to: &[u8]) {
        assert_eq!(from.len(), to.len(), "a replacement has to be as long as what it replaces");
        let mut replacements = self.replacements.lock().unwrap_or_else(PoisonError::into_inner);
        replacements.push_back((from.to_vec(), to.to_vec()));
    }

    /// Replaces `from` in all that servers send from now on: how a server would say it in another language. It is looked for in
    /// what arrives at a time, so it has to be a part of one short message.
    ///
    /// # Panics
    ///
    /// When `to` is not as long as `from`.
    pub fn translate(&self, from: &str, to: &str) {
        assert_eq!(from.len(), to.len(), "a replacement has to be as long as what it replaces");
        let mut translations = self.translations.lock().unwrap_or_else(PoisonError::into_inner);
        translations.push((from.into(), to.into()));
    }

    /// Holds every byte back for so long, in both directions, from now on: half of what a round trip takes.
    pub fn delay(&self, delay: Duration) {
        self.flow.send_modify(|flow| flow.delay = delay);
    }

    /// Drops all present connections at once; new ones are accepted.
    pub fn cut(&self) {
        self.flow.send_modify(|flow| flow.cuts += 1);
    }

    /// Holds back all bytes, in both directions and also of new connections, until [`Proxy::resume`].
    pub fn stall(&self) {
        self.flow.send_modify(|flow| flow.stalled = true);
    }

    /// Passes on what [`Proxy::stall`] held back, and all that follows.
    pub fn resume(&self) {
        self.flow.send_modify(|flow| flow.stalled = false);
    }
}

impl Drop for Proxy {
    fn drop(&mut self) {
        self.accepting.get_mut().unwrap_or_else(PoisonError::into_inner).abort();
        self.cut();
    }
}

impl Target {
    fn of(config: &Config) -> Target {
        let port = config.get_ports().first().copied().unwrap_or(5432);
        match config.get_hosts().first().expect("a host in the connection string") {
            Host::Tcp(host) => Target::Tcp(host.clone(), port),
            Host::Unix(folder) => Target::Unix(folder.join(format!(".s.PGSQL.{port}"))),
        }
    }
}

fn url(config: &Config, port: u16) -> String {
    let user = config.get_user().map(percent_encode).unwrap_or_default();
    let password = config.get_password().map(|password| format!(":{}", percent_encode(password)));
    let database = config.get_dbname().map(percent_encode).unwrap_or_default();
    format!("postgresql://{user}{}@127.0.0.1:{port}/{database}", password.unwrap_or_default())
}

async fn accept(
    listener: TcpListener,
    target: Target,
    flow: watch::Sender<Flow>,
    edits: Edits,
    accepted: Arc<AtomicUsize>,
) {
    while let Ok((client, _)) = listener.accept().await {
        accepted.fetch_add(1, Ordering::Relaxed);
        if let Some(code) = flow.borrow().refusal {
            tokio::spawn(refuse(client, code));
            continue;
        }
        let (target, flow, edits) = (target.clone(), flow.subscribe(), edits.clone());
        tokio::spawn(async move {
            // As the ends themselves do: else a small answer waits 40 ms for the acknowledgement of the one before.
            let _ = client.set_nodelay(true);
            // A connection's end is what a test looks at, at its own end of it.
            let _ = match target {
                Target::Tcp(host, port) => match TcpStream::connect((host, port)).await {
                    Ok(server) => {
                        let _ = server.set_nodelay(true);
                        pass(client, server, flow, edits).await
                    }
                    Err(error) => Err(error),
                },
                Target::Unix(socket) => match UnixStream::connect(socket).await {
                    Ok(server) => pass(client, server, flow, edits).await,
                    Err(error) => Err(error),
                },
            };
        });
    }
}

/// Answers a login with a FATAL error; before that, a question for TLS with no.
async fn refuse(mut client: TcpStream, code: &str) -> io::Result<()> {
    loop {
        let length = client.read_u32().await?;
        let mut rest = vec![0; (length as usize).saturating_sub(4)];
        client.read_exact(&mut rest).await?;
        if !rest.starts_with(&80_877_103_u32.to_be_bytes()) {
            break;
        }
        client.write_all(b"N").await?;
    }
    let fields = format!("SFATAL\0VFATAL\0C{code}\0Mrefused by a test\0\0");
    client.write_u8(b'E').await?;
    client.write_u32(u32::try_from(fields.len() + 4).map_err(io::Error::other)?).await?;
    client.write_all(fields.as_bytes()).await?;
    client.shutdown().await
}

/// Passes bytes both ways until both ends are done, or the connection is cut.
async fn pass(
    client: TcpStream,
    server: impl AsyncRead + AsyncWrite,
    mut flow: watch::Receiver<Flow>,
    edits: Edits,
) -> io::Result<()> {
    let cuts = flow.borrow().cuts;
    let (from_client, to_client) = tokio::io::split(client);
    let (from_server, to_server) = tokio::io::split(server);
    let requests = forward(from_client, to_server, flow.clone(), |bytes| replace(bytes, &edits.replacements));
    let answers =
        forward(from_server, to_client, flow.clone(), |bytes| translate(bytes, &edits.translations));
    tokio::select! {
        // Where one end is gone, what the other has sent still arrives.
        _ = async { tokio::join!(requests, answers) } => Ok(()),
        _ = flow.wait_for(|flow| flow.cuts > cuts) => Ok(()),
    }
}

async fn forward(
    mut from: impl AsyncRead + Unpin,
    mut to: impl AsyncWrite + Unpin,
    mut flow: watch::Receiver<Flow>,
    edit: impl Fn(&mut [u8]),
) -> io::Result<()> {
    // What is read while earlier bytes are held back is held back beside them, as on a long line.
    let (line, mut end) = mpsc::unbounded_channel::<(Instant, Vec<u8>)>();
    let mut held = flow.clone();
    let forgotten = flow.borrow().forgotten;
    let read = async move {
        let mut buffer = vec![0; 16 * 1024];
        loop {
            // An end that breaks off has said all it says, and the other one is told.
            let length = from.read(&mut buffer).await.unwrap_or(0);
            flow.wait_for(|flow| !flow.stalled && flow.forgotten == forgotten)
                .await
                .map_err(io::Error::other)?;
            if length == 0 {
                return Ok(());
            }
            edit(&mut buffer[..length]);
            let due = Instant::now() + flow.borrow().delay;
            line.send((due, buffer[..length].to_vec())).map_err(io::Error::other)?;
        }
    };
    let write = async move {
        while let Some((due, bytes)) = end.recv().await {
            if held.borrow_and_update().delay > Duration::ZERO {
                sleep_until(due).await;
            }
            to.write_all(&bytes).await?;
        }
        to.shutdown().await
    };
    tokio::try_join!(read, write).map(|_| ())
}

/// Makes the replacement that is next, where these bytes hold what it replaces.
fn replace(bytes: &mut [u8], replacements: &Mutex<VecDeque<(Vec<u8>, Vec<u8>)>>) {
    let mut replacements = replacements.lock().unwrap_or_else(PoisonError::into_inner);
    let Some((from, to)) = replacements.front() else { return };
    if let Some(start) = bytes.windows(from.len()).position(|window| window == from) {
        bytes[start..start + to.len()].copy_from_slice(to);
        replacements.pop_front();
    }
}

/// Makes every replacement that stays.
fn translate(bytes: &mut [u8], translations: &Mutex<Vec<(Vec<u8>, Vec<u8>)>>) {
    for (from, to) in translations.lock().unwrap_or_else(PoisonError::into_inner).iter() {
        while let Some(start) = bytes.windows(from.len()).position(|window| window == from) {
            bytes[start..start + to.len()].copy_from_slice(to);
        }
    }
}
