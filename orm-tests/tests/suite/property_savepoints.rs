//! Random programs of one session with savepoints, commits and rollbacks: objects are always what a plain account of the same steps
//! says, and so are the rows after each commit and rollback.
//!
//! The account is what was said of each object, kept whole where a savepoint or a transaction begins. A program that flushes into
//! an error (a key that is taken, two that change places) is rolled back, and has to be what it was when its transaction began.

use std::collections::BTreeMap;
use std::future::Future;
use std::pin::Pin;

use orm_core::prelude::*;
use orm_tests::{Fixture, Random};

const PROGRAMS: u64 = 12;
const STEPS: usize = 30;
const DEEPEST: usize = 3;
const KEYS: usize = 12;

#[derive(Model, Clone, Debug, PartialEq)]
struct Item {
    #[orm(primary_key)]
    code: i64,
    name: String,
}

/// What is said of the objects that are there, by the place of their handles.
type Account = BTreeMap<usize, (i64, String)>;

/// How a part of a program ends.
type Ended = Result<(), Error>;

struct Program {
    random: Random,
    handles: Vec<Handle<Item>>,
    now: Account,
    steps: Vec<String>,
}

impl Program {
    fn any(&mut self) -> Option<usize> {
        let places: Vec<usize> = self.now.keys().copied().collect();
        (!places.is_empty()).then(|| *self.random.pick(&places))
    }

    /// A key that no object has.
    fn free_key(&mut self) -> Option<i64> {
        let key = self.random.below(KEYS) as i64;
        self.now.values().all(|(other, _)| *other != key).then_some(key)
    }

    fn add(&mut self, session: &mut Session) {
        let Some(key) = self.free_key() else { return };
        let name = format!("n{}", self.handles.len());
        let place = self.handles.len();
        self.steps.push(format!("add {place} with {key}"));
        self.handles.push(session.add(NewItem::new(key, name.clone())));
        self.now.insert(place, (key, name));
    }

    fn change(&mut self, session: &mut Session) {
        let Some(place) = self.any() else { return };
        let handle = self.handles[place];
        let key = if self.random.once_in(2) { self.free_key() } else { None };
        let entry = self.now.get_mut(&place).unwrap();
        if let Some(key) = key {
            entry.0 = key;
        }
        entry.1.push('x');
        self.steps.push(format!("change {place} to {entry:?}"));
        if !session.is_new(handle) {
            (session[handle].code, session[handle].name) = entry.clone();
        } else {
            let new = session.pending_mut(handle).unwrap();
            (new.code, new.name) = entry.clone();
        }
    }

    fn delete(&mut self, session: &mut Session) {
        let Some(place) = self.any() else { return };
        self.steps.push(format!("delete {place}"));
        session.delete(self.handles[place]).unwrap();
        self.now.remove(&place);
    }

    /// Objects hold what the account says; all that is new is flushed.
    fn check(&self, session: &Session) {
        for (place, handle) in self.handles.iter().enumerate() {
            let held = session.get(*handle).ok().filter(|_| session.contains(*handle));
            let held = held.map(|item| (item.code, item.name.clone()));
            assert_eq!(held.as_ref(), self.now.get(&place), "object {place}: {:#?}", self.steps);
        }
    }

    /// Reads some of what is there, by key or as a whole: one row is one object.
    async fn read(&mut self, session: &mut Session) -> Ended {
        match self.random.below(4) {
            0 => {
                session.flush().await?;
                session.expire_all();
                self.steps.push("expire all".to_owned());
            }
            1 => {
                let Some(place) = self.any() else { return Ok(()) };
                session.flush().await?;
                session.refresh(self.handles[place]).await?;
                self.steps.push(format!("refresh {place}"));
            }
            2 => {
                let Some(place) = self.any() else { return Ok(()) };
                session.flush().await?;
                let found = session.find::<Item>(self.now[&place].0).await?;
                self.steps.push(format!("find {place}"));
                assert_eq!(found, Some(self.handles[place]), "{:#?}", self.steps);
            }
            _ => {
                let all = session.all(select(Item).order_by(Item.code)).await?;
                self.steps.push("read all".to_owned());
                let mut expected: Vec<_> = self.now.iter().map(|(place, (key, _))| (*key, *place)).collect();
                expected.sort_unstable();
                let expected: Vec<_> = expected.iter().map(|(_, place)| self.handles[*place]).collect();
                assert_eq!(all, expected, "{:#?}", self.steps);
            }
        }
        self.check(session);
        Ok(())
    }

    /// Steps up to the end of a savepoint, or of the program; an error is the caller's, who rolls back.
    fn run<'a>(
        &'a mut self,
        session: &'a mut Session,
        depth: usize,
        steps: usize,
    ) -> Pin<Box<dyn Future<Output = Ended> + Send + 'a>> {
        Box::pin(async move {
            for _ in 0..steps {
                match self.random.below(10) {
                    0..=2 => self.add(session),
                    3..=5 => self.change(session),
                    6 => self.delete(session),
                    7 => self.read(session).await?,
                    8 => {
                        session.flush().await?;
                        self.steps.push("flush".to_owned());
                        self.check(session);
                    }
                    _ if depth < DEEPEST => self.savepoint(session, depth + 1).await?,
                    _ => {}
                }
            }
            Ok(())
        })
    }

    async fn savepoint(&mut self, session: &mut Session, depth: usize) -> Ended {
        let mut nested = session.begin_nested().await?;
        let before = self.now.clone();
        self.steps.push(format!("savepoint {depth}"));
        let steps = 1 + self.random.below(8);
        let result = self.run(&mut nested, depth, steps).await;
        if result.is_ok() && self.random.once_in(2) {
            self.steps.push(format!("release {depth}"));
            nested.commit().await?;
            self.check(session);
            return Ok(());
        }
        self.steps.push(format!("roll back to {depth}: {result:?}"));
        nested.rollback().await?;
        self.now = before;
        self.check(session);
        Ok(())
    }

    async fn check_rows(&self, fixture: &Fixture) {
        let rows: Vec<Item> = fixture.engine.all(select(Item).order_by(Item.code)).await.unwrap();
        let rows: Vec<_> = rows.into_iter().map(|item| (item.code, item.name)).collect();
        let mut expected: Vec<_> = self.now.values().cloned().collect();
        expected.sort();
        assert_eq!(rows, expected, "{:#?}", self.steps);
    }
}

#[tokio::test]
async fn objects_are_what_was_said_of_them_whatever_savepoints_and_transactions_take_back() {
    let fixture = Fixture::new(schema![Item]).await;
    let mut random = Random::new(12);
    let mut failed = 0;
    for _ in 0..PROGRAMS {
        fixture.database.execute("TRUNCATE items").await;
        let mut session = fixture.session();
        let random = Random::from_seed(random.number());
        let mut program = Program { random, handles: Vec::new(), now: Account::new(), steps: Vec::new() };
        for _ in 0..4 {
            let before = program.now.clone();
            let result = program.run(&mut session, 0, STEPS / 4).await;
            let is_kept = result.is_ok() && !program.random.once_in(3);
            let result = if is_kept { session.commit().await } else { result };
            if is_kept && result.is_ok() {
                program.steps.push("commit".to_owned());
            } else {
                failed += u32::from(result.is_err());
                program.steps.push(format!("roll back: {result:?}"));
                session.rollback().await.unwrap();
                program.now = before;
            }
            program.check(&session);
            program.check_rows(&fixture).await;
        }
    }
    // What fails is the exception.
    assert!(failed < PROGRAMS as u32, "{failed}");
}
