//! Notices when the driver asks the server about a type.
//!
//! It asks in the middle of a statement's answer when a result column has a type it does not know. The rows it has not
//! taken then stand before the answer to its question, and if they are too many for its buffer both wait for ever.

use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};

/// How the driver's question begins.
const QUESTION: &[u8] = b"SELECT t.typname, t.typtype";

/// How much of a message is looked at: a statement's name, and the beginning of its text.
const LOOKED_AT: usize = 64;

/// Reads what is written to the server, message by message, and counts the questions.
#[derive(Default)]
pub(super) struct Questions {
    asked: Arc<AtomicU64>,
    /// The first message has no type before its length.
    started: bool,
    head: Vec<u8>,
    body: Vec<u8>,
    /// How many bytes of the body are still to come.
    rest: usize,
    /// The name of the driver's statement that asks.
    statement: Option<Vec<u8>>,
}

impl Questions {
    /// How many questions were asked so far.
    pub(super) fn asked(&self) -> Arc<AtomicU64> {
        Arc::clone(&self.asked)
    }

    /// Takes in what was written.
    pub(super) fn written(&mut self, mut bytes: &[u8]) {
        while let Some((first, others)) = bytes.split_first() {
            if self.started
                && self.head.is_empty()
                && let Some((message, others)) = whole(bytes)
            {
                let (kind, body) = (message[0], &message[5..]);
                if matches!(kind, b'P' | b'B') && self.is_question(kind, &body[..body.len().min(LOOKED_AT)]) {
                    self.asked.fetch_add(1, Ordering::Release);
                }
                bytes = others;
                continue;
            }
            if self.rest == 0 {
                self.head.push(*first);
                bytes = others;
                self.head_grew();
                continue;
            }
            let taken = bytes.len().min(self.rest);
            if matches!(self.head.first(), Some(b'P' | b'B')) {
                let room = LOOKED_AT - self.body.len();
                self.body.extend_from_slice(&bytes[..taken.min(room)]);
            }
            self.rest -= taken;
            bytes = &bytes[taken..];
            if self.rest == 0 {
                self.message_ended();
            }
        }
    }

    fn head_grew(&mut self) {
        let kind = usize::from(self.started);
        if let Some(&[a, b, c, d]) = self.head.get(kind..kind + 4) {
            // The length counts its own four bytes.
            self.rest = (u32::from_be_bytes([a, b, c, d]) as usize).saturating_sub(4);
            if self.rest == 0 {
                self.message_ended();
            }
        }
    }

    fn message_ended(&mut self) {
        let body = std::mem::take(&mut self.body);
        if self.started && self.is_question(self.head[0], &body) {
            self.asked.fetch_add(1, Ordering::Release);
        }
        self.started = true;
        self.head.clear();
        self.body = body;
        self.body.clear();
    }

    fn is_question(&mut self, kind: u8, body: &[u8]) -> bool {
        if kind == b'B' && self.statement.is_none() {
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

/// The first message, with its kind and its length, and what is behind it; `None` if it is not all there.
fn whole(bytes: &[u8]) -> Option<(&[u8], &[u8])> {
    let length: [u8; 4] = bytes.get(1..5)?.try_into().ok()?;
    let length = u32::from_be_bytes(length) as usize;
    if length < 4 { None } else { bytes.split_at_checked(1 + length) }
}

#[cfg(test)]
mod tests {
    use std::sync::atomic::Ordering;

    use super::Questions;

    fn message(kind: u8, body: &[u8]) -> Vec<u8> {
        let length = u32::try_from(body.len() + 4).unwrap().to_be_bytes();
        [&[kind], &length[..], body].concat()
    }

    #[test]
    fn questions_are_counted_however_the_bytes_are_cut() {
        let startup = [&[0, 0, 0, 9, 0, 3, 0, 0][..], b"x"].concat();
        let stream = [
            startup,
            message(b'P', b"s1\0SELECT t.typname, t.typtype, t.typelem FROM pg_type\0\0\0"),
            message(b'S', b""),
            message(b'B', b"\0s1\0\0\0"),
            message(b'B', b"\0s2\0\0\0"),
            message(b'P', b"\0SELECT 'SELECT t.typname, t.typtype'\0\0\0"),
            message(b'Q', &[b'x'; 100_000]),
            message(b'B', b"\0s1\0\0\0"),
        ]
        .concat();
        for cut in [1, 2, 3, 7, 64, 1000, stream.len()] {
            let mut questions = Questions::default();
            stream.chunks(cut).for_each(|bytes| questions.written(bytes));
            assert_eq!(questions.asked().load(Ordering::Acquire), 3, "cut into {cut}");
        }
    }
}
