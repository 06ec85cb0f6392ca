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
    for row in &answer.rows {
        let mut cells = Cells::new(row);
        let number: i64 = cells.read()?;
        let slot = usize::try_from(number - 1).ok().and_then(|place| sent.batch.slots.get(place));
        let Some(&slot) = slot else {
            return Err(Error::decode(format!("the server gave back row {number}, which was not sent")));
        };
        match sent.kind {
            Kind::Insert => arena.inserted(slot, &mut cells, clock)?,
            Kind::Update => arena.updated(slot, &mut cells, clock)?,
            Kind::Delete => arena.deleted(slot, clock),
        }
    }
    Ok(())
}
