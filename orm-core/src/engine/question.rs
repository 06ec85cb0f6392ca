//! Notices when the driver asks the server about a type.
//!
//! It asks in the middle of a statement's answer when a result column has a type it does not know. The rows it has not
//! taken then stand before the answer to its question, and if they are too many for its buffer both wait for ever.

use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};

/// How the driver's question begins.
const QUESTION: &[u8] = b"SELECT t.typname, t.typtype";

/// Looks at what is sent of named statements, and counts the questions.
#[derive(Default)]
pub(super) struct Questions {
    asked: Arc<AtomicU64>,
    /// The name of the driver's statement that asks.
    statement: Option<Vec<u8>>,
}

impl Questions {
    /// How many questions were asked so far.
    pub(super) fn asked(&self) -> Arc<AtomicU64> {
        Arc::clone(&self.asked)
    }

    /// Takes in a message, of which the beginning of the body is enough.
    pub(super) fn sent(&mut self, kind: u8, body: &[u8]) {
        if self.is_question(kind, body) {
            self.asked.fetch_add(1, Ordering::Release);
        }
    }

    fn is_question(&mut self, kind: u8, body: &[u8]) -> bool {
        if kind != b'P' && self.statement.is_none() {
            return false;
        }
        let mut texts = body.split(|byte| *byte == 0);
        let (first, second) = (texts.next().unwrap_or_default(), texts.next().unwrap_or_default());
        match kind {
            // Parse: the name of the statement, then its text.
            b'P' if second.starts_with(QUESTION) => {
                self.statement = Some(first.to_vec());
                true
            }
            // Bind: the name of the portal, then that of the statement.
            b'B' => self.statement.as_deref() == Some(second),
            _ => false,
        }
    }
}
