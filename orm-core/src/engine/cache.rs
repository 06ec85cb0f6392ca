//! The named statements of one connection: a bounded number, the least recently used goes first.

use std::collections::{HashMap, VecDeque};
use std::hash::BuildHasherDefault;

use tokio_postgres::Statement;

use super::request::Request;
use crate::types::Fingerprinted;

/// How many statements without names are known to be looked up.
const LOOKED_UP: usize = 256;

/// Statements are kept under their text and the types of their parameters.
pub(super) struct Cache {
    capacity: usize,
    clock: u64,
    named: HashMap<u64, Named, BuildHasherDefault<Fingerprinted>>,
    /// What ran once, unnamed; without names, what was looked up.
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
        Cache { capacity, clock: 0, named: HashMap::default(), seen: VecDeque::new(), naming: Vec::new() }
    }

    pub(super) fn capacity(&self) -> usize {
        self.capacity
    }

    /// The statement, if it has a name.
    pub(super) fn get(&mut self, request: &Request<'_>) -> Option<Statement> {
        if self.named.is_empty() {
            return None;
        }
        self.find(request)
    }

    /// How to send a statement whose result types may have to be looked up; `None` if they have to be.
    pub(super) fn looked_up(&mut self, request: &Request<'_>) -> Option<Route> {
        if self.capacity == 0 {
            return self.seen.contains(&request.fingerprint).then_some(Route::Unnamed);
        }
        self.get(request).map(Route::Named)
    }

    /// How to send a statement whose result types are built in.
    ///
    /// Naming a statement beside its run makes that run a third longer, and every later one a third shorter. So a text
    /// that is used once is not named; one that is used twice is, since most of those are used often.
    pub(super) fn route(&mut self, request: &Request<'_>) -> Route {
        if self.capacity == 0 {
            return Route::Unnamed;
        }
        let key = request.fingerprint;
        if let Some(statement) = self.find(request) {
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
    ///
    /// Without names it is closed itself, and that its types are known is all that is kept.
    pub(super) fn insert(&mut self, request: &Request<'_>, statement: Statement) {
        let key = request.fingerprint;
        if self.capacity == 0 {
            if self.seen.len() >= LOOKED_UP {
                self.seen.pop_front();
            }
            return self.seen.push_back(key);
        }
        if self.named.len() >= self.capacity && !self.named.contains_key(&key) {
            let oldest = self.named.iter().min_by_key(|(_, named)| named.used).map(|(key, _)| *key);
            oldest.and_then(|oldest| self.named.remove(&oldest));
        }
        self.clock += 1;
        self.named.insert(key, Named { sql: request.sql.into(), statement, used: self.clock });
    }

    #[cfg(test)]
    pub(super) fn len(&self) -> usize {
        self.named.len()
    }

    fn find(&mut self, request: &Request<'_>) -> Option<Statement> {
        let named = self.named.get_mut(&request.fingerprint)?;
        let types = named.statement.params();
        let same = *named.sql == *request.sql
            && types.len() == request.parameters.len()
            && types.iter().zip(request.parameters).all(|(ty, parameter)| ty == parameter.wire());
        if !same {
            return None;
        }
        self.clock += 1;
        named.used = self.clock;
        Some(named.statement.clone())
    }
}
