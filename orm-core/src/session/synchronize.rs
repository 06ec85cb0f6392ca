//! Keeps objects in step with an update or delete statement.

mod follower;
mod known;
mod reread;
mod returned;
mod spread;
mod touched;

use super::Session;
use super::identity::Identity;
use crate::engine::{Answer, Reach};
use crate::error::Error;
use crate::query::render::Rendered;
use crate::query::{Synchronize, WriteTarget};
use crate::schema::{Action, ForeignKey, TableMeta};
use known::{Effect, known};
pub(super) use reread::{Reread, reread};
use reread::{Rereads, count, reached_by, rereads};
pub(super) use touched::stands_for;
use touched::{Touched, touched};

/// So many objects are all read again behind each statement: that takes little longer than to find out which of them it
/// touched, and stays one round trip whatever the statement does.
const REREAD_AT_MOST: usize = 16;

/// What follows a statement for the objects of the session.
pub(super) enum Follow {
    Nothing,
    /// The rows of objects are read again, in the same round trip.
    Reread(Rereads),
    /// The statement tells which rows it touched.
    Touched(Box<Touched>),
    /// What the statement does to objects is known before it is sent.
    Known(Vec<Effect>),
}

/// Whether it depends on the catalogue what follows a statement.
pub(super) fn needs_reach(identity: &Identity, target: &WriteTarget<'_>) -> bool {
    let finds_all = finds_rows_by_key(target)
        && !has_own_changes(identity, target)
        && !turns_keys_to_default(identity, target);
    let limit = if finds_all { REREAD_AT_MOST } else { 0 };
    matches!(target.synchronize(), Synchronize::Auto | Synchronize::Fetch) && count(identity, target) > limit
}

/// Whether objects have changes of their own (without autoflush) that a version guards: only the statement itself tells
/// which versions it has counted up, and not somebody else.
fn has_own_changes(identity: &Identity, target: &WriteTarget<'_>) -> bool {
    let table = target.table();
    table.version_column().is_some() && identity.any(table).is_some_and(|arena| arena.is_dirty())
}

/// Whether cascaded rows may get the key of a default: only the statement tells which were there.
fn turns_keys_to_default(identity: &Identity, target: &WriteTarget<'_>) -> bool {
    let turns = |table: &&TableMeta| {
        let sets = |key: &&ForeignKey| [key.on_delete, key.on_update].contains(&Action::SetDefault);
        let keys = table.foreign_keys.iter().filter(sets);
        keys.flat_map(|key| key.columns).any(|place| table.primary_key.contains(place))
    };
    reached_by(identity, target).iter().any(turns)
}

/// Whether rows have the keys afterwards that they had, or are joined to those.
fn finds_rows_by_key(target: &WriteTarget<'_>) -> bool {
    let in_key = |place: usize| target.table().primary_key.contains(&place);
    !(matches!(target, WriteTarget::Insert(_))
        && target.set().iter().any(|set| in_key(set.content.column.place)))
}

pub(super) fn follow(
    identity: &Identity,
    target: &WriteTarget<'_>,
    statement: &Rendered,
    reach: Option<&Reach>,
) -> Result<Follow, Error> {
    match target.synchronize() {
        Synchronize::Off => return Ok(Follow::Nothing),
        Synchronize::Evaluate => return known(identity, target).map(Follow::Known),
        Synchronize::Auto | Synchronize::Fetch => {}
    }
    if let Some(touched) = reach.and_then(|reach| touched(identity, target, statement, reach)) {
        return Ok(Follow::Touched(Box::new(touched)));
    }
    let rereads = rereads(identity, target)?;
    Ok(if rereads.is_empty() { Follow::Nothing } else { Follow::Reread(rereads) })
}

impl Follow {
    /// All that is sent, in order, for a statement.
    pub(super) fn statements<'a>(&'a self, statement: &'a Rendered) -> Vec<&'a Rendered> {
        match self {
            Follow::Reread(rereads) => rereads.statements(statement),
            Follow::Touched(touched) => touched.lock.iter().chain([&touched.rendered]).collect(),
            Follow::Nothing | Follow::Known(_) => vec![statement],
        }
    }
}

impl Session {
    /// Takes over into the objects what the statement did; gives the statement's own answer, and what is left to be read.
    pub(super) fn take_over(
        &mut self,
        target: &WriteTarget<'_>,
        follow: Follow,
        mut answers: impl Iterator<Item = Answer>,
    ) -> Result<(Answer, Vec<Reread>), Error> {
        let mut next = || answers.next().ok_or_else(|| Error::session("a statement got no answer"));
        let answer = match follow {
            Follow::Nothing => next()?,
            Follow::Touched(touched) => {
                if touched.lock.is_some() {
                    next()?;
                }
                return touched.take(&mut self.identity, self.engine.catalogue(), next()?);
            }
            Follow::Reread(rereads) => {
                let answer = rereads.own_answer(&mut next)?;
                self.take_reread(&rereads.rows, answers)?;
                answer
            }
            Follow::Known(effects) => {
                let answer = next()?;
                self.apply(target, effects);
                answer
            }
        };
        Ok((answer, Vec::new()))
    }

    /// Takes the rows of objects that were read again.
    pub(super) fn take_reread(
        &mut self,
        rereads: &[Reread],
        answers: impl Iterator<Item = Answer>,
    ) -> Result<(), Error> {
        for (reread, answer) in rereads.iter().zip(answers) {
            if let Some((arena, clock)) = self.identity.any_mut(reread.table) {
                let taken = arena.reread(&reread.slots, &answer.rows, clock);
                taken.map_err(|error| error.in_statement(&reread.rendered.text.sql))?;
            }
        }
        Ok(())
    }

    fn apply(&mut self, target: &WriteTarget<'_>, effects: Vec<Effect>) {
        let Some((arena, clock)) = self.identity.any_mut(target.table()) else { return };
        for effect in effects {
            if matches!(target, WriteTarget::Delete(_)) {
                arena.deleted(effect.slot, clock);
                continue;
            }
            for (place, value) in effect.values {
                arena.assign(effect.slot, place, &*value, clock);
            }
        }
    }
}
