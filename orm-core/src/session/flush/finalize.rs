//! Stores in the objects what the database returned for a flush.

use super::statement::{Outcome, Sent};
use crate::engine::Answer;
use crate::error::Error;
use crate::row::Cells;
use crate::session::identity::{AnyArena, Identity, numbered};
use crate::types::shown_in_name;

pub(super) fn finalize(identity: &mut Identity, sent: &[Sent], answers: Vec<Answer>) -> Result<(), Error> {
    for (sent, answer) in sent.iter().zip(answers) {
        for &(table, slot) in &sent.deleted {
            if let Some((arena, clock)) = identity.any_mut(table) {
                arena.deleted(slot, clock);
            }
        }
        take(identity, sent, &answer).map_err(|error| error.in_statement(&sent.rendered.text.sql))?;
    }
    Ok(())
}

fn take(identity: &mut Identity, sent: &Sent, answer: &Answer) -> Result<(), Error> {
    let Some((arena, clock)) = identity.any_mut(sent.table) else { return Ok(()) };
    let slots = &sent.slots;
    match sent.outcome {
        Outcome::Tied | Outcome::Locked | Outcome::AskedToLock | Outcome::Checked => return Ok(()),
        Outcome::ReadIfTriggers if answer.rows.is_empty() => return Ok(()),
        Outcome::DeletedIfThere => {
            slots.iter().for_each(|&slot| arena.deleted(slot, clock));
            return Ok(());
        }
        _ => {}
    }
    if answer.rows.len() != slots.len() {
        return Err(sent.stale(&match slots[..] {
            [only] => key(arena, sent, only)?,
            // For many rows the server has named the missing one in its error.
            _ => String::new(),
        }));
    }
    // Objects that are replaced are removed before those that replace them are inserted.
    sent.replaced.iter().for_each(|&slot| arena.deleted(slot, clock));
    let is_read = matches!(sent.outcome, Outcome::ReadNew | Outcome::ReadAgain | Outcome::ReadIfTriggers);
    if matches!(sent.outcome, Outcome::Inserted | Outcome::ReadNew) {
        arena.expect_inserted(slots.len());
    }
    for row in &answer.rows {
        let mut cells = Cells::new(row);
        let slot = match slots[..] {
            [only] if !is_read => only,
            _ => numbered(slots, cells.read()?)?,
        };
        match sent.outcome {
            Outcome::Updated if sent.replaced.is_empty() => arena.updated(slot, &mut cells, clock)?,
            Outcome::Inserted | Outcome::Updated => arena.inserted(slot, &mut cells, clock)?,
            Outcome::Deleted => arena.deleted(slot, clock),
            Outcome::ReadNew if cells.all_null(sent.table.columns.len()) => return Err(sent.stale("")),
            Outcome::ReadNew => arena.inserted(slot, &mut cells, clock)?,
            Outcome::ReadAgain | Outcome::ReadIfTriggers if cells.all_null(sent.table.columns.len()) => {
                arena.deleted(slot, clock);
            }
            Outcome::ReadAgain | Outcome::ReadIfTriggers => arena.updated(slot, &mut cells, clock)?,
            _ => {}
        }
    }
    Ok(())
}

/// The key of a row that was not found, for a message.
fn key(arena: &dyn AnyArena, sent: &Sent, slot: u32) -> Result<String, Error> {
    if sent.outcome == Outcome::Inserted {
        return Ok(String::new());
    }
    let slot = sent.replaced.first().copied().unwrap_or(slot);
    let parts = sent.table.key().map(|column| Ok(shown_in_name(arena.stored_value(slot, column.place)?)));
    let parts = parts.collect::<Result<Vec<_>, Error>>()?;
    Ok(format!(", by key: {}", parts.join("/")))
}
