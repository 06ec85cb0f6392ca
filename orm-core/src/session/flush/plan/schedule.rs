//! Orders changes and deletions: what gives up a unique value before what takes it, the rest as foreign keys ask.

use std::collections::{HashMap, HashSet};

use super::{Batch, Kind, batches};
use crate::error::Error;
use crate::session::flush::collect::{Changes, Row, Write};

/// Changes and deletions before new rows, and those after.
pub(super) struct Scheduled {
    pub(super) early: Vec<(Kind, Batch)>,
    pub(super) late: Vec<(Kind, Batch)>,
}

pub(super) fn schedule(changes: &Changes) -> Result<Scheduled, Error> {
    if changes.room.is_empty() {
        return Ok(Scheduled { early: Vec::new(), late: together(&changes.changed, &changes.doomed) });
    }
    let is_early = before_new_rows(changes);
    let all = (0..changes.changed.len()).map(Write::Changed);
    let all: Vec<Write> = all.chain((0..changes.doomed.len()).map(Write::Doomed)).collect();
    let (early, late): (Vec<_>, Vec<_>) = all.into_iter().partition(|write| is_early.contains(write));
    Ok(Scheduled { early: in_order(changes, &early)?, late: in_order(changes, &late)? })
}

/// What makes room for a new row, by itself or for something that does.
fn before_new_rows(changes: &Changes) -> HashSet<Write> {
    let mut early = HashSet::new();
    let mut found: Vec<Write> = Vec::new();
    let makes_room_for = |then: Write, found: &mut Vec<Write>| {
        found.extend(changes.room.iter().filter(|room| room.then == then).map(|room| room.first));
    };
    for room in &changes.room {
        if matches!(room.then, Write::New(_)) {
            found.push(room.first);
        }
    }
    while let Some(write) = found.pop() {
        if early.insert(write) {
            makes_room_for(write, &mut found);
        }
    }
    early
}

/// What does not wait for each other, the deletions last.
fn together<'a>(
    changed: impl IntoIterator<Item = &'a Row>,
    doomed: impl IntoIterator<Item = &'a Row>,
) -> Vec<(Kind, Batch)> {
    let updates = batches(changed.into_iter()).into_iter().map(|batch| (Kind::Update, batch));
    let deletes = batches(doomed.into_iter()).into_iter().rev().map(|batch| (Kind::Delete, batch));
    updates.chain(deletes).collect()
}

fn in_order(changes: &Changes, writes: &[Write]) -> Result<Vec<(Kind, Batch)>, Error> {
    let steps = steps(changes, writes)?;
    let last = steps.values().copied().max().unwrap_or(0);
    // Deletions that nothing waits for come last.
    let step_of = |write: Write| match steps.get(&write) {
        Some(step) => *step,
        None if matches!(write, Write::Doomed(_)) => last + 1,
        None => 0,
    };
    let mut out = Vec::new();
    for step in 0..=last + 1 {
        let mut changed: Vec<&Row> = Vec::new();
        let mut doomed: Vec<&Row> = Vec::new();
        for &write in writes.iter().filter(|write| step_of(**write) == step) {
            match write {
                Write::Changed(number) => changed.push(&changes.changed[number]),
                Write::Doomed(number) => doomed.push(&changes.doomed[number]),
                Write::New(_) => {}
            }
        }
        out.extend(together(changed, doomed));
    }
    Ok(out)
}

/// The step of each write that another waits for or that waits for another.
fn steps(changes: &Changes, writes: &[Write]) -> Result<HashMap<Write, usize>, Error> {
    let mut steps: HashMap<Write, usize> = HashMap::new();
    let own: HashSet<Write> = writes.iter().copied().collect();
    let mut waiting: HashMap<Write, usize> = HashMap::new();
    let mut then: HashMap<Write, Vec<Write>> = HashMap::new();
    for room in changes.room.iter().filter(|room| own.contains(&room.first) && own.contains(&room.then)) {
        waiting.entry(room.first).or_default();
        *waiting.entry(room.then).or_default() += 1;
        then.entry(room.first).or_default().push(room.then);
    }
    let mut ready: Vec<Write> =
        waiting.iter().filter(|(_, count)| **count == 0).map(|(write, _)| *write).collect();
    while let Some(write) = ready.pop() {
        let step = *steps.entry(write).or_default();
        for next in then.remove(&write).unwrap_or_default() {
            let earliest = steps.entry(next).or_default();
            *earliest = (*earliest).max(step + 1);
            if let Some(count) = waiting.get_mut(&next) {
                *count -= 1;
                if *count == 0 {
                    ready.push(next);
                }
            }
        }
    }
    match waiting.iter().find(|(_, count)| **count > 0) {
        None => Ok(steps),
        Some((stuck, _)) => Err(circle(changes, *stuck)),
    }
}

fn circle(changes: &Changes, stuck: Write) -> Error {
    let row = match stuck {
        Write::New(number) => &changes.new[number].row,
        Write::Changed(number) => &changes.changed[number],
        Write::Doomed(number) => &changes.doomed[number],
    };
    let entity = row.table.entity;
    Error::session(format!(
        "rows of `{entity}` take unique values from each other in a circle, which PostgreSQL does not let pass row by row: \
         give one of them another value, flush, and then give it its own"
    ))
}
