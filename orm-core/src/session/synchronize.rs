//! Keeps objects in step with an update or delete statement.

mod known;
mod reread;

use super::Session;
use super::identity::Identity;
use crate::engine::Answer;
use crate::error::Error;
use crate::query::render::Rendered;
use crate::query::{Synchronize, Target};
use known::{Effect, known};
pub(super) use reread::reread;
use reread::{Rereads, rereads};

/// What follows a statement for the objects of the session.
pub(super) enum Follow {
    Nothing,
    /// The rows of objects are read again, in the same round trip.
    Reread(Rereads),
    /// What the statement does to objects is known before it is sent.
    Known(Vec<Effect>),
}

pub(super) fn follow(identity: &Identity, target: &Target<'_>) -> Result<Follow, Error> {
    let rereads = match target.synchronize() {
        Synchronize::Off => return Ok(Follow::Nothing),
        Synchronize::Evaluate => return known(identity, target).map(Follow::Known),
        Synchronize::Auto | Synchronize::Fetch => rereads(identity, target)?,
    };
    Ok(if rereads.is_empty() { Follow::Nothing } else { Follow::Reread(rereads) })
}

impl Follow {
    /// All that is sent, in order, for a statement.
    pub(super) fn statements<'a>(&'a self, statement: &'a Rendered) -> Vec<&'a Rendered> {
        match self {
            Follow::Reread(rereads) => rereads.statements(statement),
            Follow::Nothing | Follow::Known(_) => vec![statement],
        }
    }
}

impl Session {
    /// Takes over into the objects what the statement did; gives the statement's own answer.
    pub(super) fn take_over(
        &mut self,
        target: &Target<'_>,
        follow: Follow,
        mut answers: impl Iterator<Item = Answer>,
    ) -> Result<Answer, Error> {
        let mut next = || answers.next().ok_or_else(|| Error::session("a statement got no answer"));
        match follow {
            Follow::Nothing => next(),
            Follow::Reread(rereads) => {
                let answer = rereads.own_answer(&mut next)?;
                for reread in &rereads.rows {
                    let rows = next()?.rows;
                    if let Some((arena, clock)) = self.identity.any_mut(reread.table) {
                        let taken = arena.reread(&reread.slots, &rows, clock);
                        taken.map_err(|error| error.in_statement(&reread.rendered.text.sql))?;
                    }
                }
                Ok(answer)
            }
            Follow::Known(effects) => {
                let answer = next()?;
                self.apply(target, effects);
                Ok(answer)
            }
        }
    }

    fn apply(&mut self, target: &Target<'_>, effects: Vec<Effect>) {
        let Some((arena, clock)) = self.identity.any_mut(target.table()) else { return };
        for effect in effects {
            if matches!(target, Target::Delete(_)) {
                arena.deleted(effect.slot, clock);
                continue;
            }
            for (place, value) in effect.values {
                arena.assign(effect.slot, place, &*value, clock);
            }
        }
    }
}
