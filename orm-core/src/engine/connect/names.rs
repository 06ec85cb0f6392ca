//! Makes the names of prepared statements unlike those of any other process, on their way to the server.
//!
//! The driver counts from `s0` in each process. Where two of them reach the same connection of the server, by a pooler that
//! was not found or was declared for another, such a name would mean a statement of the other one.

use std::hash::{BuildHasher, Hasher, RandomState};
use std::sync::LazyLock;

use crate::engine::question::Questions;

/// What comes before each name. The hasher is seeded by the operating system.
static PREFIX: LazyLock<String> =
    LazyLock::new(|| format!("orm_{:016x}_", RandomState::new().build_hasher().finish()));

/// How much of a message's body is looked at: the driver's names are in it, and the beginning of a text.
const LOOKED_AT: usize = 64;

/// The kind of a message, and its length.
const HEAD: usize = 5;

/// Reads what is written to the server, message by message.
pub(super) struct Names {
    prefix: &'static [u8],
    pub(super) questions: Questions,
    /// The first message has no kind before its length.
    started: bool,
    /// The beginning of a message that was cut in it.
    begun: Vec<u8>,
    /// How many bytes of a message pass as they are.
    rest: usize,
}

impl Default for Names {
    fn default() -> Names {
        let (questions, begun) = (Questions::default(), Vec::new());
        Names { prefix: PREFIX.as_bytes(), questions, started: false, begun, rest: 0 }
    }
}

impl Names {
    /// Adds to `out` what is to be sent for these bytes.
    pub(super) fn pass(&mut self, mut bytes: &[u8], out: &mut Vec<u8>) {
        while !bytes.is_empty() {
            if self.rest > 0 {
                let (passed, others) = bytes.split_at(bytes.len().min(self.rest));
                out.extend_from_slice(passed);
                self.rest -= passed.len();
                bytes = others;
            } else if self.started && self.begun.is_empty() {
                return self.pass_messages(bytes, out);
            } else {
                bytes = self.collect(bytes, out);
            }
        }
    }

    /// Puts the beginning of a message together that comes in pieces.
    fn collect<'a>(&mut self, bytes: &'a [u8], out: &mut Vec<u8>) -> &'a [u8] {
        let mut begun = std::mem::take(&mut self.begun);
        for (at, byte) in bytes.iter().enumerate() {
            begun.push(*byte);
            if self.started && beginning(&begun).is_some() {
                self.pass_messages(&begun, out);
                return &bytes[at + 1..];
            }
            if !self.started
                && let Some(length) = length(&begun)
            {
                out.extend_from_slice(&begun);
                self.started = true;
                self.rest = length.saturating_sub(begun.len());
                return &bytes[at + 1..];
            }
        }
        self.begun = begun;
        &[]
    }

    /// Passes messages, the first from its beginning on; the last may be cut.
    fn pass_messages(&mut self, bytes: &[u8], out: &mut Vec<u8>) {
        // What has no name of a statement is copied together with what follows.
        let (mut copied, mut at) = (0, 0);
        while at < bytes.len() {
            let Some((beginning, length)) = beginning(&bytes[at..]) else {
                out.extend_from_slice(&bytes[copied..at]);
                return self.begun.extend_from_slice(&bytes[at..]);
            };
            if let Some(name) = name_at(beginning) {
                self.questions.sent(beginning[0], &beginning[HEAD..]);
                out.extend_from_slice(&bytes[copied..at + name]);
                // The length counts its own four bytes, and not the kind.
                let named = (length + self.prefix.len() - 1) as u32;
                let head = out.len() - name;
                out[head + 1..head + HEAD].copy_from_slice(&named.to_be_bytes());
                out.extend_from_slice(self.prefix);
                copied = at + name;
            }
            at += length;
        }
        out.extend_from_slice(&bytes[copied..]);
        self.rest = at - bytes.len();
    }
}

/// What the four bytes say that begin here.
fn length(bytes: &[u8]) -> Option<usize> {
    Some(u32::from_be_bytes(*bytes.first_chunk()?) as usize)
}

/// As much of a message as is looked at, if all of that is there, and how long the message is.
fn beginning(bytes: &[u8]) -> Option<(&[u8], usize)> {
    let length = 1 + length(bytes.get(1..)?)?.max(4);
    let looked_at = if is_of_statement(bytes[0]) { length.min(HEAD + LOOKED_AT) } else { HEAD };
    Some((bytes.get(..looked_at)?, length))
}

fn is_of_statement(kind: u8) -> bool {
    matches!(kind, b'P' | b'B' | b'D' | b'C')
}

/// Where the name of a statement begins in a message that has one which is not empty.
fn name_at(message: &[u8]) -> Option<usize> {
    let body = message.get(HEAD..)?;
    let at = match message[0] {
        b'P' => 0,
        // Behind the name of the portal.
        b'B' => body.iter().position(|byte| *byte == 0)? + 1,
        b'D' | b'C' if body.first() == Some(&b'S') => 1,
        _ => return None,
    };
    (*body.get(at)? != 0).then_some(HEAD + at)
}

#[cfg(test)]
mod tests {
    use std::sync::atomic::Ordering;

    use super::{Names, PREFIX};

    fn message(kind: u8, body: &[u8]) -> Vec<u8> {
        let length = u32::try_from(body.len() + 4).unwrap().to_be_bytes();
        [&[kind], &length[..], body].concat()
    }

    /// What is sent for these messages, where the names have `prefix` before them, and how many of them are questions.
    fn messages(prefix: &str) -> Vec<u8> {
        let startup = [&[0, 0, 0, 9, 0, 3, 0, 0][..], b"x"].concat();
        let question = format!("{prefix}s1\0SELECT t.typname, t.typtype, t.typelem FROM pg_type\0\0\0");
        [
            startup,
            message(b'P', question.as_bytes()),
            message(b'D', format!("S{prefix}s1\0").as_bytes()),
            message(b'S', b""),
            message(b'B', format!("\0{prefix}s1\0\0\0").as_bytes()),
            message(b'B', format!("p1\0{prefix}s2\0\0\0").as_bytes()),
            message(b'D', b"Pp1\0"),
            message(b'D', b"S\0"),
            message(b'P', b"\0SELECT 'SELECT t.typname, t.typtype'\0\0\0"),
            message(b'B', b"\0\0\0\0"),
            message(b'Q', &[b's'; 100_000]),
            message(b'd', b"s1\0s1\0"),
            message(b'P', format!("{prefix}s3\0{}\0\0\0", "x".repeat(1000)).as_bytes()),
            message(b'B', format!("\0{prefix}s1\0\0\0").as_bytes()),
            message(b'C', b"Pp1\0"),
            message(b'C', format!("S{prefix}s2\0").as_bytes()),
            message(b'X', b""),
        ]
        .concat()
    }

    #[test]
    fn names_are_ours_and_questions_counted_however_the_bytes_are_cut() {
        let (received, wanted) = (messages(""), messages(&PREFIX));
        for cut in [1, 2, 3, 7, 64, 1000, received.len()] {
            let (mut names, mut sent) = (Names::default(), Vec::new());
            received.chunks(cut).for_each(|bytes| names.pass(bytes, &mut sent));
            assert!(sent == wanted, "cut into {cut}");
            assert_eq!(names.questions.asked().load(Ordering::Acquire), 3, "cut into {cut}");
        }
    }
}
