//! The named statements of one connection: a bounded number, the least recently used goes first.

use std::collections::{HashMap, VecDeque};
use std::hash::{BuildHasher, Hash, Hasher, RandomState};

use tokio_postgres::Statement;

use crate::types::Parameter;

/// Statements are kept under their text and the types of their parameters.
pub(super) struct Cache {
    capacity: usize,
    clock: u64,
    hasher: RandomState,
    named: HashMap<u64, Named>,
    /// What ran once, unnamed.
    seen: VecDeque<u64>,
    /// What is being given a name in the pipeline on its way.
    naming: Vec<u64>,
}

struct Named {
    sql: Box<str>,
    statement: Statement,
    used: u64,
}

/// How a statement is to be sent.
#[derive(Clone)]
pub(super) enum Route {
    /// By its name: bound and executed.
    Named(Statement),
    /// Parsed, bound and executed without a name.
    Unnamed,
    /// Without a name, and given one beside it for the next time.
    Naming,
}

impl Cache {
    pub(super) fn new(capacity: usize) -> Cache {
        Cache {
            capacity,
            clock: 0,
            hasher: RandomState::new(),
            named: HashMap::new(),
            seen: VecDeque::new(),
            naming: Vec::new(),
        }
    }

    pub(super) fn capacity(&self) -> usize {
        self.capacity
    }

    /// The statement, if it has a name.
    pub(super) fn get(&mut self, sql: &str, parameters: &[Parameter]) -> Option<Statement> {
        if self.named.is_empty() {
            return None;
        }
        let key = self.key(sql, parameters);
        self.find(key, sql, parameters)
    }

    /// How to send a statement whose result types are built in.
    ///
    /// Naming a statement beside its run makes that run a third longer, and every later one a third shorter. So a text
    /// that is used once is not named; one that is used twice is, since most of those are used often.
    pub(super) fn route(&mut self, sql: &str, parameters: &[Parameter]) -> Route {
        if self.capacity == 0 {
            return Route::Unnamed;
        }
        let key = self.key(sql, parameters);
        if let Some(statement) = self.find(key, sql, parameters) {
            return Route::Named(statement);
        }
        if self.naming.contains(&key) {
            return Route::Unnamed;
        }
        if let Some(at) = self.seen.iter().position(|seen| *seen == key) {
            self.seen.remove(at);
            self.naming.push(key);
            return Route::Naming;
        }
        if self.seen.len() >= self.capacity {
            self.seen.pop_front();
        }
        self.seen.push_back(key);
        Route::Unnamed
    }

    /// Forgets what the last pipeline meant to name: it has come back, or was dropped.
    pub(super) fn naming_is_over(&mut self) {
        self.naming.clear();
    }

    /// Keeps a statement. What has to go for it is closed at the server by the driver, without waiting for an answer.
    pub(super) fn insert(&mut self, sql: &str, parameters: &[Parameter], statement: Statement) {
        if self.capacity == 0 {
            return;
        }
        let key = self.key(sql, parameters);
        if self.named.len() >= self.capacity && !self.named.contains_key(&key) {
            let oldest = self.named.iter().min_by_key(|(_, named)| named.used).map(|(key, _)| *key);
            oldest.and_then(|oldest| self.named.remove(&oldest));
        }
        self.clock += 1;
        self.named.insert(key, Named { sql: sql.into(), statement, used: self.clock });
    }

    #[cfg(test)]
    pub(super) fn len(&self) -> usize {
        self.named.len()
    }

    fn find(&mut self, key: u64, sql: &str, parameters: &[Parameter]) -> Option<Statement> {
        let named = self.named.get_mut(&key)?;
        let types = named.statement.params();
        let same = *named.sql == *sql
            && types.len() == parameters.len()
            && types.iter().zip(parameters).all(|(ty, parameter)| ty == parameter.wire());
        if !same {
            return None;
        }
        self.clock += 1;
        named.used = self.clock;
        Some(named.statement.clone())
    }

    fn key(&self, sql: &str, parameters: &[Parameter]) -> u64 {
        let mut hasher = self.hasher.build_hasher();
        sql.hash(&mut hasher);
        for parameter in parameters {
            hasher.write_u32(parameter.wire().oid());
        }
        hasher.finish()
    }
}
