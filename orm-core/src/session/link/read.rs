//! Reads the rows that changes of links are compared with.

use super::decide::decide;
use super::equal::key_places;
use super::lost::{Found, forget_lost};
use crate::engine::Answer;
use crate::error::Error;
use crate::execute::request;
use crate::loading::rows_pointing_at;
use crate::model::Pending;
use crate::query::Keys;
use crate::query::render::Rendered;
use crate::row::Cells;
use crate::schema::Target;
use crate::session::Session;
use crate::session::identity::{Identity, LinkChange};

impl Session {
    /// Changes of links and only children become new, changed and deleted objects.
    pub(in crate::session) async fn settle_links(&mut self) -> Result<(), Error> {
        if self.identity.link_changes.is_empty() {
            return Ok(());
        }
        let groups = self.identity.link_changes.grouped();
        let (mut tables, mut statements) = (Vec::new(), Vec::new());
        for group in &groups {
            if let Some(statement) = read(&self.identity, group)? {
                tables.push(group[0].near.0.table);
                statements.push(statement);
            }
        }
        let mut found = Found::default();
        let answers = self.read_links(&statements).await?;
        for ((table, rendered), answer) in tables.iter().zip(&statements).zip(answers) {
            let Some((arena, clock)) = self.identity.any_mut(table) else { continue };
            for row in &answer.rows {
                let taken = arena.take_in_row(&mut Cells::new(row), clock);
                let slot = taken.map_err(|error| error.in_statement(&rendered.text.sql))?;
                found.insert(table, slot);
            }
        }
        let equal = self.find_equal(&groups).await?;
        self.identity.link_changes.clear();
        groups.iter().try_for_each(|group| forget_lost(&mut self.identity, group, &found))?;
        groups.iter().zip(&equal).try_for_each(|(group, equal)| decide(&mut self.identity, group, equal))
    }

    /// The answers to these statements, which travel in one round trip.
    pub(super) async fn read_links(&mut self, statements: &[Rendered]) -> Result<Vec<Answer>, Error> {
        if statements.is_empty() {
            return Ok(Vec::new());
        }
        let requests: Vec<_> = statements.iter().map(request).collect();
        let answers = self.connect().await?.pipeline(&requests).await;
        answers.map_err(|error| statements.iter().fold(error, |error, rendered| rendered.explain(error)))
    }
}

/// The statement that reads the rows of a group; `None` where all it is about is new.
fn read(identity: &Identity, group: &[LinkChange]) -> Result<Option<Rendered>, Error> {
    let (near, start) = group[0].near;
    let parents = keys(identity, start, group.iter().map(|request| request.parent))?;
    let far = group[0].far.filter(|_| !group.iter().any(LinkChange::is_of_all_rows));
    let others = match far {
        None => None,
        Some((far, end)) => Some((far, keys(identity, end, group.iter().flat_map(LinkChange::others))?)),
    };
    if parents.count() == 0 || others.as_ref().is_some_and(|(_, keys)| keys.count() == 0) {
        return Ok(None);
    }
    rows_pointing_at(near, parents, others).map(Some)
}

/// The values by which objects that have a row are pointed at.
fn keys(identity: &Identity, of: Target, rows: impl Iterator<Item = Pending>) -> Result<Keys, Error> {
    let mut keys = Keys::new(key_places(of));
    let Some(arena) = identity.any(of.table) else { return Ok(keys) };
    for row in rows.filter(|row| arena.is_tracked(row.slot)) {
        let values = of.places.iter().map(|&place| arena.stored_value(row.slot, place));
        let values = values.collect::<Result<Vec<_>, Error>>()?;
        let value = |place| of.places.iter().position(|other| *other == place).map(|nth| values[nth]);
        keys.take_object(|place| value(place).unwrap_or(&None::<bool>))?;
    }
    Ok(keys)
}
