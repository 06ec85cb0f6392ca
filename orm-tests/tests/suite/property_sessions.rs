//! Several sessions on the same rows: nobody's change is lost, and nobody waits in a circle.

use std::sync::Arc;
use std::sync::atomic::{AtomicU32, Ordering};
use std::time::Duration;

use orm_core::engine::{Observer, StatementEvent};
use orm_core::prelude::*;
use orm_tests::{Database, Random};
use tokio::sync::Barrier;
use tokio::time::sleep;

const ACCOUNTS: i64 = 6;
const FIRST_BALANCE: i64 = 100;
const SESSIONS: usize = 4;
/// Of each session, in each mode.
const TRANSFERS: usize = 25;

#[derive(Model, Clone, Debug, PartialEq)]
struct Account {
    #[orm(primary_key)]
    id: i64,
    balance: i64,
}

/// An account that tells its changes apart.
#[derive(Model, Clone, Debug, PartialEq)]
struct Purse {
    #[orm(primary_key)]
    id: i64,
    balance: i64,
    #[orm(version)]
    version: i32,
}

/// What a transfer did to an account; it may be gone again.
#[derive(Model, Clone, Debug, PartialEq)]
struct Entry {
    #[orm(primary_key, generated)]
    id: i64,
    #[orm(references = Account.id)]
    account: Option<i64>,
    #[orm(references = Purse.id)]
    purse: Option<i64>,
    amount: i64,
}

/// Counts deadlocks, also those that are tried again.
#[derive(Default)]
struct Deadlocks(AtomicU32);

impl Observer for Deadlocks {
    fn statement(&self, event: &StatementEvent<'_>) {
        if event.error.is_some_and(|error| error.code() == Some("40P01")) {
            self.0.fetch_add(1, Ordering::Relaxed);
        }
    }
}

/// What keeps transfers from overwriting each other.
#[derive(Clone, Copy, Debug)]
enum Mode {
    /// A version at READ COMMITTED: what is stale is done again by the program.
    Version,
    /// FOR UPDATE at READ COMMITTED, of all rows of a transfer in one statement, in the order of their keys.
    Locked,
    RepeatableRead,
    Serializable,
}

/// Money from the first account to the others, with a pause behind each step: what a session is to do.
#[derive(Clone, Debug)]
struct Transfer {
    amounts: Vec<(i64, i64)>,
    pauses: Vec<Duration>,
}

impl Transfer {
    fn new(random: &mut Random) -> Transfer {
        let mut ids: Vec<i64> = (1..=ACCOUNTS).collect();
        let count = 2 + random.below(3);
        let mut amounts: Vec<(i64, i64)> = Vec::new();
        for _ in 0..count {
            amounts.push((ids.swap_remove(random.below(ids.len())), 1 + random.below(9) as i64));
        }
        amounts[0].1 = -amounts[1..].iter().map(|(_, amount)| amount).sum::<i64>();
        let place = random.below(count);
        amounts.swap(0, place);
        let pauses = (0..=count).map(|_| Duration::from_micros(random.below(800) as u64)).collect();
        Transfer { amounts, pauses }
    }

    async fn pause(&self, step: usize) {
        sleep(self.pauses[step]).await;
    }

    fn ids(&self) -> Vec<i64> {
        self.amounts.iter().map(|(id, _)| *id).collect()
    }

    /// Accounts are read and changed in the order of the transfer, whatever their keys.
    async fn do_accounts(&self, session: &mut Session, is_locked: bool) -> Result<(), Error> {
        if is_locked {
            let locked = select(Account).filter(Account.id.in_(self.ids())).order_by(Account.id);
            session.all(locked.for_update()).await?;
        }
        for (step, &(id, amount)) in self.amounts.iter().enumerate() {
            let account = session.find::<Account>(id).await?.unwrap();
            session[account].balance += amount;
            session.add(NewEntry { account: Some(account.into()), ..NewEntry::new(amount) });
            // What is read behind it must not flush in between: a transaction that locks twice may wait in a circle.
            self.pause(step).await;
        }
        Ok(())
    }

    async fn do_purses(&self, session: &mut Session) -> Result<(), Error> {
        for (step, &(id, amount)) in self.amounts.iter().enumerate() {
            let purse = session.find::<Purse>(id).await?.unwrap();
            session[purse].balance += amount;
            session.add(NewEntry { purse: Some(purse.into()), ..NewEntry::new(amount) });
            self.pause(step).await;
        }
        Ok(())
    }

    /// As often as it takes; says how often it was stale.
    async fn run(&self, sessions: &SessionMaker, mode: Mode) -> u32 {
        let mut stale = 0;
        loop {
            let result = sessions.run(async |session| match mode {
                Mode::Version => self.do_purses(session).await,
                Mode::Locked => self.do_accounts(session, true).await,
                Mode::RepeatableRead | Mode::Serializable => self.do_accounts(session, false).await,
            });
            match result.await {
                Ok(()) => return stale,
                Err(error) if error.is_stale() && matches!(mode, Mode::Version) => stale += 1,
                Err(error) => panic!("{mode:?}: {error}"),
            }
        }
    }
}

/// An engine on a fresh database, and how many deadlocks it has seen.
async fn engine(schema: orm_core::schema::Schema) -> (Database, Engine, Arc<Deadlocks>) {
    let database = Database::create().await;
    let deadlocks = Arc::new(Deadlocks::default());
    let engine = Engine::builder(database.url()).pool_size(SESSIONS + 1).observe(deadlocks.clone());
    let engine = engine.connect().await.unwrap();
    engine.create_all(schema).await.unwrap();
    (database, engine, deadlocks)
}

fn sessions(engine: &Engine, mode: Mode) -> SessionMaker {
    let isolation = match mode {
        Mode::Version | Mode::Locked => Isolation::ReadCommitted,
        Mode::RepeatableRead => Isolation::RepeatableRead,
        Mode::Serializable => Isolation::Serializable,
    };
    SessionMaker::new(engine.clone())
        .transaction_mode(isolation)
        // One flush each: what an ordered program would do.
        .autoflush(false)
        .attempts(60)
        .backoff(Duration::from_millis(2), Duration::from_millis(15))
}

/// Each balance is what it was at first and all entries of it: a lost change would leave an entry behind.
async fn check_ledger(engine: &Engine, mode: Mode, transfers: usize) {
    let entries: Vec<Entry> = engine.all(select(Entry)).await.unwrap();
    assert!(entries.len() >= 2 * transfers, "{mode:?}: {} entries of {transfers} transfers", entries.len());
    let accounts: Vec<Account> = engine.all(select(Account).order_by(Account.id)).await.unwrap();
    let purses: Vec<Purse> = engine.all(select(Purse).order_by(Purse.id)).await.unwrap();
    let of_accounts = accounts.iter().map(|account| (account.id, account.balance, false));
    let of_purses = purses.iter().map(|purse| (purse.id, purse.balance, true));
    for (id, balance, is_purse) in of_accounts.chain(of_purses) {
        let own = |entry: &&Entry| Some(id) == if is_purse { entry.purse } else { entry.account };
        let moved: i64 = entries.iter().filter(own).map(|entry| entry.amount).sum();
        assert_eq!(balance, FIRST_BALANCE + moved, "{mode:?}: a change of {id} is lost");
    }
    let sum: i64 = accounts.iter().map(|account| account.balance).sum();
    assert_eq!(sum, ACCOUNTS * FIRST_BALANCE, "{mode:?}");
    for purse in &purses {
        let changes = entries.iter().filter(|entry| entry.purse == Some(purse.id)).count();
        assert_eq!(purse.version as usize, 1 + changes, "{mode:?}: {purse:?}");
    }
}

async fn hold(mode: Mode) {
    let mut random = Random::new(12);
    let (_database, engine, deadlocks) = engine(schema![Account, Purse, Entry]).await;
    let accounts: Vec<_> = (1..=ACCOUNTS).map(|id| NewAccount::new(id, FIRST_BALANCE)).collect();
    engine.execute(insert(Account).values(accounts)).await.unwrap();
    let purses: Vec<_> = (1..=ACCOUNTS).map(|id| NewPurse::new(id, FIRST_BALANCE)).collect();
    engine.execute(insert(Purse).values(purses)).await.unwrap();
    let sessions = sessions(&engine, mode);
    let begin = Arc::new(Barrier::new(SESSIONS));
    let tasks: Vec<_> = (0..SESSIONS)
        .map(|_| {
            let transfers: Vec<Transfer> = (0..TRANSFERS).map(|_| Transfer::new(&mut random)).collect();
            let (sessions, begin) = (sessions.clone(), begin.clone());
            tokio::spawn(async move {
                begin.wait().await;
                let mut stale = 0;
                for transfer in transfers {
                    stale += transfer.run(&sessions, mode).await;
                }
                stale
            })
        })
        .collect();
    let mut stale = 0;
    for task in tasks {
        stale += task.await.unwrap();
    }
    check_ledger(&engine, mode, SESSIONS * TRANSFERS).await;
    // A flush locks rows in one order, whatever the order in which the program changed them.
    assert_eq!(deadlocks.0.load(Ordering::Relaxed), 0, "{mode:?}");
    assert!(stale > 0 || !matches!(mode, Mode::Version), "nobody has met anybody");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn versions_keep_every_change_of_sessions_that_meet() {
    hold(Mode::Version).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn locked_rows_keep_every_change_of_sessions_that_meet() {
    hold(Mode::Locked).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn repeatable_read_keeps_every_change_of_sessions_that_meet() {
    hold(Mode::RepeatableRead).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn serializable_keeps_every_change_of_sessions_that_meet() {
    hold(Mode::Serializable).await;
}

/// Loads all rows in one order or the other, changes each, and commits when the other is ready to.
async fn change_all(sessions: SessionMaker, descends: bool, begin: Arc<Barrier>, commits: usize) {
    let order = if descends { Account.id.desc() } else { Account.id.asc() };
    for _ in 0..commits {
        let mut session = sessions.session();
        let accounts =
            session.all(select(Account).filter(Account.id.le(20)).order_by(order.clone())).await.unwrap();
        for &account in &accounts {
            session[account].balance += 1;
        }
        begin.wait().await;
        let result = session.commit().await;
        if result.is_err() {
            // Counted by the observer.
            session.rollback().await.unwrap();
        }
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn sessions_that_change_the_same_rows_in_opposite_order_do_not_deadlock() {
    const COMMITS: usize = 25;
    let (database, engine, deadlocks) = engine(schema![Account]).await;
    // Of so many rows that those of an UPDATE are found by their keys, one after the other as they are sent.
    let accounts: Vec<_> = (1..=5_000).map(|id| NewAccount::new(id, 0)).collect();
    engine.execute(insert(Account).values(accounts)).await.unwrap();
    database.execute("ANALYZE accounts").await;
    // So slow that the other session is at the rows too.
    database
        .execute(
            "CREATE FUNCTION slowly() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN PERFORM pg_sleep(0.001); RETURN NEW; \
             END $$; CREATE TRIGGER slowly BEFORE UPDATE ON accounts FOR EACH ROW EXECUTE FUNCTION slowly()",
        )
        .await;
    let sessions = SessionMaker::new(engine.clone());
    let begin = Arc::new(Barrier::new(2));
    let tasks = [false, true]
        .map(|descends| tokio::spawn(change_all(sessions.clone(), descends, begin.clone(), COMMITS)));
    for task in tasks {
        task.await.unwrap();
    }
    assert_eq!(deadlocks.0.load(Ordering::Relaxed), 0, "of {} commits", 2 * COMMITS);
}
