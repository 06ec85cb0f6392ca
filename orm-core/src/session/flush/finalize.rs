//! Takes what the database made of a flush over into the objects.

use super::perform::{Kind, Sent};
use crate::engine::Answer;
use crate::error::Error;
use crate::row::Cells;
use crate::session::identity::Identity;

pub(super) fn finalize(identity: &mut Identity, sent: &[Sent], answers: Vec<Answer>) -> Result<(), Error> {
    for (sent, answer) in sent.iter().zip(answers) {
        take(identity, sent, &answer).map_err(|error| error.in_statement(&sent.rendered.sql))?;
    }
    Ok(())
}

fn take(identity: &mut Identity, sent: &Sent, answer: &Answer) -> Result<(), Error> {
    let Some((arena, clock)) = identity.any_mut(sent.batch.table) else { return Ok(()) };
    let slots = &sent.batch.slots;
    if answer.rows.len() != slots.len() {
        return Err(sent.missed(""));
    }
    for row in &answer.rows {
        let mut cells = Cells::new(row);
        let slot = match slots[..] {
            [only] => only,
            _ => numbered(slots, cells.read()?)?,
        };
        match sent.kind {
            Kind::Insert => arena.inserted(slot, &mut cells, clock)?,
            Kind::Update => arena.updated(slot, &mut cells, clock)?,
            Kind::Delete => arena.deleted(slot, clock),
        }
    }
    Ok(())
}

/// The slot of a row by its number in what was sent.
fn numbered(slots: &[u32], number: i64) -> Result<u32, Error> {
    let slot = usize::try_from(number - 1).ok().and_then(|place| slots.get(place));
    slot.copied()
        .ok_or_else(|| Error::decode(format!("the server gave back row {number}, which was not sent")))
}
