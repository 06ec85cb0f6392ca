//! Creates and drops databases, one after another on one connection.

use std::sync::mpsc as blocking;
use std::thread;
use std::time::{Duration, SystemTime, UNIX_EPOCH};

use tokio::sync::{mpsc, oneshot};
use tokio::time::sleep;
use tokio_postgres::{Client, Error, Row};

use crate::client::{explain, with_client};
use crate::server::ServerError;

/// The thread that owns the connection; it has a runtime of its own, so a test's runtime may block on it.
pub(crate) struct Admin {
    jobs: mpsc::UnboundedSender<Job>,
}

struct Job {
    work: Work,
    done: Box<dyn FnOnce(Result<(), String>) + Send>,
}

enum Work {
    Create { name: String, template: Option<String> },
    Drop { name: String },
}

impl Admin {
    /// Connects and drops what runs that were killed left behind; blocks until that is done.
    pub(crate) fn start(url: &str) -> Result<Admin, ServerError> {
        let failed = |why: String| ServerError(format!("could not use the PostgreSQL server: {why}"));
        let (jobs, received) = mpsc::unbounded_channel();
        let (started, ready) = blocking::channel();
        let url = url.to_owned();
        thread::spawn(move || {
            let ended = run(&url, received, started.clone());
            // After the start nobody waits for this: jobs fail by themselves.
            let _ = started.send(ended);
        });
        ready.recv().map_err(|error| failed(error.to_string()))?.map_err(failed)?;
        Ok(Admin { jobs })
    }

    /// Creates a database, a copy of `template` where there is one.
    pub(crate) async fn create(&self, name: &str, template: Option<&str>) -> Result<(), String> {
        let (done, outcome) = oneshot::channel();
        let work = Work::Create { name: name.to_owned(), template: template.map(str::to_owned) };
        // A caller that is gone has a database too many, which the next run drops.
        self.send(work, move |result| drop(done.send(result)));
        outcome.await.unwrap_or_else(|_| Err(GONE.to_owned()))
    }

    /// Drops a database, with whoever is connected to it; blocks until it is gone.
    pub(crate) fn drop_database(&self, name: &str) -> Result<(), String> {
        let (done, outcome) = blocking::channel();
        self.send(Work::Drop { name: name.to_owned() }, move |result| drop(done.send(result)));
        outcome.recv().unwrap_or_else(|_| Err(GONE.to_owned()))
    }

    /// Where the thread is gone, `done` is dropped with its channel, which the other end notices.
    fn send(&self, work: Work, done: impl FnOnce(Result<(), String>) + Send + 'static) {
        drop(self.jobs.send(Job { work, done: Box::new(done) }));
    }
}

const GONE: &str = "the connection that creates databases is closed";

type Started = blocking::Sender<Result<(), String>>;

fn run(url: &str, jobs: mpsc::UnboundedReceiver<Job>, started: Started) -> Result<(), String> {
    let runtime = tokio::runtime::Builder::new_current_thread()
        .enable_all()
        .build()
        .map_err(|error| error.to_string())?;
    runtime.block_on(with_client(url, |client| serve(client, jobs, started)))
}

async fn serve(
    client: Client,
    mut jobs: mpsc::UnboundedReceiver<Job>,
    started: Started,
) -> Result<(), Error> {
    // A server that is stuck fails a test instead of holding up all of them.
    client.batch_execute("SET statement_timeout = '60s'").await?;
    let strategy = strategy(&client).await?;
    sweep(&client).await?;
    drop(started.send(Ok(())));
    while let Some(Job { work, done }) = jobs.recv().await {
        let result = match work {
            Work::Create { name, template } => create(&client, &name, template.as_deref(), strategy).await,
            Work::Drop { name } => drop_database(&client, &name).await,
        };
        done(result.map_err(|error| explain(&error)));
    }
    Ok(())
}

/// How a new database is filled. Copying files writes less than logging every page (the default since
/// PostgreSQL 15), but takes two checkpoints, which are quick only where nothing waits for the disk.
async fn strategy(client: &Client) -> Result<&'static str, Error> {
    let copy =
        "SELECT current_setting('fsync') = 'off' AND current_setting('server_version_num')::int >= 150000";
    Ok(if client.query_one(copy, &[]).await?.get(0) { " STRATEGY FILE_COPY" } else { "" })
}

async fn create(client: &Client, name: &str, template: Option<&str>, strategy: &str) -> Result<(), Error> {
    if let Some(template) = template {
        disconnect(client, template).await?;
    }
    // template0 lets nobody connect, so it can always be copied, and to any encoding and sort order.
    let template = template.unwrap_or("template0 ENCODING 'UTF8' LC_COLLATE 'C' LC_CTYPE 'C'");
    client.batch_execute(&format!("CREATE DATABASE {name} TEMPLATE {template}{strategy}")).await
}

async fn drop_database(client: &Client, name: &str) -> Result<(), Error> {
    let drop = format!("DROP DATABASE IF EXISTS {name}");
    disconnect(client, name).await?;
    match client.batch_execute(&format!("{drop} WITH (FORCE)")).await {
        Ok(()) => Ok(()),
        // FORCE wants the right to end autovacuum, which belongs to a superuser; without it the server just does.
        Err(_) => client.batch_execute(&drop).await,
    }
}

/// Ends this role's connections to a database. To copy or drop one, PostgreSQL waits for their end in steps of 100 ms.
async fn disconnect(client: &Client, name: &str) -> Result<(), Error> {
    const TRIES: usize = 100;
    let end = "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = $1 AND usename = current_user";
    for _ in 0..TRIES {
        if client.query(end, &[&name]).await?.is_empty() {
            break;
        }
        sleep(Duration::from_millis(1)).await;
    }
    Ok(())
}

async fn sweep(client: &Client) -> Result<(), Error> {
    let mine = "SELECT datname FROM pg_database WHERE pg_get_userbyid(datdba) = current_user";
    let names = client.query(mine, &[]).await?.iter().map(|row: &Row| row.get(0)).collect::<Vec<String>>();
    let now = since_epoch();
    for name in names.iter().filter(|name| is_leftover(name, now)) {
        // Another run may be sweeping too; what it drops first is no reason to fail.
        let _ = drop_database(client, name).await;
    }
    Ok(())
}

/// The time of day as it stands in the name of a test's database.
pub(crate) fn since_epoch() -> Duration {
    SystemTime::now().duration_since(UNIX_EPOCH).unwrap_or_default()
}

/// Whether this is the database of a test that began more than an hour ago.
fn is_leftover(name: &str, now: Duration) -> bool {
    const HOUR: Duration = Duration::from_secs(3600);
    let numbers = name.strip_prefix("orm_test_").map(|rest| rest.split('_').map(str::parse::<u64>));
    let Some(Ok(numbers)) = numbers.map(Iterator::collect::<Result<Vec<u64>, _>>) else { return false };
    matches!(numbers[..], [created, _, _] if Duration::from_secs(created) + HOUR < now)
}

#[cfg(test)]
mod tests {
    use super::is_leftover;
    use std::time::Duration;

    #[test]
    fn only_a_tests_database_older_than_an_hour_is_a_leftover() {
        let now = Duration::from_secs(1_000_000);
        assert!(is_leftover("orm_test_996399_12_0", now));
        for name in ["orm_test_996400_12_0", "orm_test_1_2", "orm_test_1_2_x", "orm_test", "customers"] {
            assert!(!is_leftover(name, now), "{name}");
        }
    }
}
