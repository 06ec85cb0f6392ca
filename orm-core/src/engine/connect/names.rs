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
            } else if self.begun.is_empty()
                && let Some(beginning) = beginning(bytes, self.started)
            {
                self.begin(beginning, out);
                bytes = &bytes[beginning.len()..];
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
            if let Some(beginning) = beginning(&begun, self.started) {
                self.begin(beginning, out);
                begun.clear();
                self.begun = begun;
                return &bytes[at + 1..];
            }
        }
        self.begun = begun;
        &[]
    }

    fn begin(&mut self, beginning: &[u8], out: &mut Vec<u8>) {
        let Some(length) = length(beginning, self.started) else { return };
        self.rest = length - beginning.len();
        let name = if self.started { name_at(beginning) } else { None };
        self.started = true;
        let Some(at) = name else { return out.extend_from_slice(beginning) };
        self.questions.sent(beginning[0], &beginning[HEAD..]);
        // The length counts its own four bytes, and not the kind.
        let length = (length + self.prefix.len() - 1) as u32;
        out.push(beginning[0]);
        out.extend_from_slice(&length.to_be_bytes());
        out.extend_from_slice(&beginning[HEAD..at]);
        out.extend_from_slice(self.prefix);
        out.extend_from_slice(&beginning[at..]);
    }
}

/// How long the message is of which this is the beginning.
fn length(bytes: &[u8], started: bool) -> Option<usize> {
    let kind = usize::from(started);
    let length: [u8; 4] = bytes.get(kind..kind + 4)?.try_into().ok()?;
    Some((u32::from_be_bytes(length) as usize).max(4) + kind)
}

/// As much of a message as is looked at, if all of that is there.
fn beginning(bytes: &[u8], started: bool) -> Option<&[u8]> {
    let length = length(bytes, started)?;
    if !started {
        return bytes.get(..4);
    }
    bytes.get(..if is_of_statement(bytes[0]) { length.min(HEAD + LOOKED_AT) } else { HEAD })
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
        let (given, wanted) = (messages(""), messages(&PREFIX));
        for cut in [1, 2, 3, 7, 64, 1000, given.len()] {
            let (mut names, mut sent) = (Names::default(), Vec::new());
            given.chunks(cut).for_each(|bytes| names.pass(bytes, &mut sent));
            assert!(sent == wanted, "cut into {cut}");
            assert_eq!(names.questions.asked().load(Ordering::Acquire), 3, "cut into {cut}");
        }
    }
}
