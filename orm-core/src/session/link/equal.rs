//! Keys of which only the database knows that they are equal.

use std::collections::{HashMap, HashSet};

use crate::error::Error;
use crate::loading::{equal_keys, is_known};
use crate::model::Pending;
use crate::query::render::Rendered;
use crate::query::{KeyPlaces, Keys};
use crate::row::Cells;
use crate::schema::Target;
use crate::session::Session;
use crate::session::flush::{Claim, claim_of, inserted_value};
use crate::session::identity::{AnyArena, Identity, LinkChange};
use crate::types::Value;

/// The keys of objects that rows point at, by the values that the rows have in their place.
#[derive(Default)]
pub(super) struct Equal {
    pub(super) near: HashMap<Claim, Claim>,
    pub(super) far: HashMap<Claim, Claim>,
}

impl Equal {
    fn side(&mut self, is_near: bool) -> &mut HashMap<Claim, Claim> {
        if is_near { &mut self.near } else { &mut self.far }
    }
}

impl Session {
    /// For each group, where rows point at its objects by values that are not their keys byte by byte.
    pub(super) async fn find_equal(&mut self, groups: &[Vec<LinkChange>]) -> Result<Vec<Equal>, Error> {
        let (mut questions, mut statements) = (Vec::new(), Vec::new());
        for (nth, group) in groups.iter().enumerate() {
            let sides = [(true, Some(group[0].near)), (false, group[0].far)];
            for (is_near, columns) in sides {
                let Some((columns, target)) = columns else { continue };
                let objects: Vec<Pending> = match is_near {
                    true => group.iter().map(|request| request.parent).collect(),
                    false => group.iter().flat_map(LinkChange::others).collect(),
                };
                if let Some((statement, question)) = ask(&self.identity, columns, target, &objects)? {
                    statements.push(statement);
                    questions.push((nth, is_near, question));
                }
            }
        }
        let mut found: Vec<Equal> = groups.iter().map(|_| Equal::default()).collect();
        let answers = self.read_links(&statements).await?;
        for ((nth, is_near, question), answer) in questions.into_iter().zip(answers) {
            for row in &answer.rows {
                let mut cells = Cells::new(row);
                let (value, key): (i64, i64) = (cells.read()?, cells.read()?);
                if let (Some(value), Some(key)) = (question.values.nth(value), question.keys.nth(key)) {
                    found[nth].side(is_near).insert(value.clone(), key.clone());
                }
            }
        }
        Ok(found)
    }
}

/// Where the columns stand in an object.
pub(super) fn key_places(of: Target) -> KeyPlaces {
    KeyPlaces(of.columns().map(|column| (column, column.place)).collect())
}

/// Different values, by the numbers that the statement gives them.
struct Numbered {
    claims: Vec<Claim>,
    seen: HashSet<Claim>,
    keys: Keys,
    of: Target,
}

impl Numbered {
    fn new(of: Target) -> Numbered {
        Numbered { claims: Vec::new(), seen: HashSet::new(), keys: Keys::new(key_places(of)), of }
    }

    fn take(&mut self, claim: Claim, values: &[&dyn Value]) -> Result<(), Error> {
        if self.seen.insert(claim.clone()) {
            self.claims.push(claim);
            self.keys.take_object(|place| {
                let nth = self.of.places.iter().position(|other| *other == place);
                nth.map_or(&None::<bool> as &dyn Value, |nth| values[nth])
            })?;
        }
        Ok(())
    }

    fn nth(&self, number: i64) -> Option<&Claim> {
        self.claims.get(usize::try_from(number).ok()?)
    }
}

/// What was asked.
struct Question {
    values: Numbered,
    keys: Numbered,
}

/// The statement that finds which values that rows have are equal to the keys of objects; `None` if there is nothing to find.
fn ask(
    identity: &Identity,
    columns: Target,
    target: Target,
    objects: &[Pending],
) -> Result<Option<(Rendered, Question)>, Error> {
    if is_known(columns) && is_known(target) {
        return Ok(None);
    }
    let (Some(objects_in), Some(rows_in)) = (identity.any(target.table), identity.any(columns.table)) else {
        return Ok(None);
    };
    let (mut keys, mut values) = (Numbered::new(target), Numbered::new(columns));
    for object in objects.iter().filter(|object| objects_in.is_tracked(object.slot)) {
        let key = target.places.iter().map(|&place| objects_in.stored_value(object.slot, place));
        let key = key.collect::<Result<Vec<_>, Error>>()?;
        if let Some(claim) = claim_of(&key)? {
            keys.take(claim, &key)?;
        }
    }
    for slot in rows_in.tracked().into_iter().chain(rows_in.new_rows()) {
        let Some(points) = pointing(identity, rows_in, slot, columns)? else { continue };
        if let Some(claim) = claim_of(&points)?.filter(|claim| !keys.seen.contains(claim)) {
            values.take(claim, &points)?;
        }
    }
    if keys.claims.is_empty() || values.claims.is_empty() {
        return Ok(None);
    }
    let statement = equal_keys(target, &mut values.keys, &mut keys.keys)?;
    Ok(Some((statement, Question { values, keys })))
}

/// The values by which a row points at another; `None` if one is NULL or not known.
fn pointing<'a>(
    identity: &'a Identity,
    arena: &'a dyn AnyArena,
    slot: u32,
    columns: Target,
) -> Result<Option<Vec<&'a dyn Value>>, Error> {
    let is_stored = arena.is_tracked(slot);
    let values = columns.places.iter().map(|&place| match is_stored {
        true => arena.value(slot, place).map(Some),
        false => inserted_value(identity, arena, slot, place),
    });
    values.collect()
}
