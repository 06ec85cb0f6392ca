//! Fetches keys of new rows that other new rows refer to, so that all can be inserted in one round trip, however deep the
//! references go.

use std::sync::Arc;

use super::row_batch::Operation;
use super::step::{FlushPlan, Step};
use crate::error::Error;
use crate::execute::request;
use crate::model::NewValue;
use crate::query::render;
use crate::row::Cells;
use crate::schema::{ColumnDefault, ColumnMeta, KeyDefault};
use crate::session::Session;
use crate::session::identity::{AnyArena, Identity};

/// A column of new rows whose values are fetched before the rows are inserted.
struct Wanted {
    column: &'static ColumnMeta,
    slots: Vec<u32>,
}

impl Session {
    /// Fetches the values that the database makes and that foreign keys need; BEGIN is sent with the question.
    pub(super) async fn make_keys(&mut self) -> Result<(), Error> {
        self.make_columns(referenced_columns).await
    }

    /// Fetches the keys of new rows that are written in one statement with other rows, because they are found by their keys
    /// there; gives whether there were any.
    pub(super) async fn make_keys_of_circles(&mut self, plan: &FlushPlan) -> Result<bool, Error> {
        let columns = keys_of_circles(&self.identity, plan);
        let count =
            |session: &Session| session.wanted(columns.clone()).iter().map(|wanted| wanted.slots.len()).sum();
        let before: usize = count(self);
        if before > 0 {
            self.make_columns(|_| Ok(columns.clone())).await?;
        }
        Ok(count(self) < before)
    }

    async fn make_columns(
        &mut self,
        columns: impl Fn(&Identity) -> Result<Vec<&'static ColumnMeta>, Error>,
    ) -> Result<(), Error> {
        // The first attempt may show that the database makes keys in another way than the model declares.
        for _ in 0..2 {
            let wanted = self.wanted(columns(&self.identity)?);
            if wanted.is_empty() {
                break;
            }
            let unknown: Vec<_> = wanted
                .iter()
                .map(|wanted| wanted.column)
                .filter(|column| self.key_default(column).is_none())
                .collect();
            // A default that differs from the model's would not be noticed.
            let unmade = match unknown.iter().all(|column| KeyDefault::is_checked(column)) {
                true => self.make(&wanted).await?,
                false => unknown,
            };
            if unmade.is_empty() {
                break;
            }
            self.ask(&unmade).await?;
        }
        Ok(())
    }

    /// Gives the columns whose values could not be fetched.
    async fn make(&mut self, wanted: &[Wanted]) -> Result<Vec<&'static ColumnMeta>, Error> {
        let asked = self.asked_beside(wanted);
        let made = wanted.iter().map(|wanted| {
            let default = self.key_default(wanted.column).unwrap_or(KeyDefault::Declared);
            render::defaults(wanted.column, &default, wanted.slots.len())
        });
        let rendered: Vec<_> = made.chain(asked.iter().map(|column| render::key_default(column))).collect();
        let requests: Vec<_> = rendered.iter().map(request).collect();
        let mut answers = self.connect().await?.pipeline(&requests).await?.into_iter();
        let mut unmade = Vec::new();
        for (Wanted { column, slots }, answer) in wanted.iter().zip(answers.by_ref()) {
            let Some((arena, _)) = self.identity.any_mut(column.table) else { continue };
            let mut made = 0;
            for (slot, row) in slots.iter().zip(&answer.rows) {
                if let Some(value) = Cells::new(row).raw(column)? {
                    arena.make(*slot, column.place, Arc::new(value));
                    made += 1;
                }
            }
            if self.key_default(column).is_none() {
                if made > 0 {
                    self.learn(column, KeyDefault::confirmed(column));
                } else {
                    unmade.push(*column);
                }
            }
        }
        self.take_key_defaults(&asked, answers)?;
        Ok(unmade)
    }

    /// Key columns of several rows that are made by the database in a way that is not known yet.
    fn asked_beside(&self, wanted: &[Wanted]) -> Vec<&'static ColumnMeta> {
        let several = self.identity.arenas().filter(|arena| arena.is_dirty() && arena.new_rows().len() > 1);
        let keys = several.flat_map(|arena| arena.table().key());
        keys.filter(|column| is_made(column))
            .filter(|column| self.key_default(column).is_none())
            .filter(|column| !wanted.iter().any(|wanted| wanted.column == *column))
            .collect()
    }

    /// The values that can be fetched.
    fn wanted(&self, mut columns: Vec<&'static ColumnMeta>) -> Vec<Wanted> {
        columns.retain(|column| self.key_default(column) != Some(KeyDefault::WithRow));
        // All rows of the table get their keys in this way, so that rows of one shape stay one statement.
        let all = |column: &'static ColumnMeta| {
            let slots = self.identity.any(column.table).map(|arena| without(arena, column));
            Some(Wanted { column, slots: slots.filter(|slots| !slots.is_empty())? })
        };
        columns.into_iter().filter_map(all).collect()
    }
}

/// The key columns without a value, of new rows that are written in one statement with others.
fn keys_of_circles(identity: &Identity, plan: &FlushPlan) -> Vec<&'static ColumnMeta> {
    let mut columns = Vec::new();
    for step in plan.steps.iter().filter(|step| matches!(step, Step::Together(_))) {
        for batch in step.batches().filter(|batch| batch.operation == Operation::Insert) {
            let Some(arena) = identity.any(batch.table) else { continue };
            let is_unsaid =
                |place: usize, slot: u32| matches!(arena.new_value(slot, place), NewValue::Default);
            for column in batch.table.key().filter(|column| can_be_made(column)) {
                let lacks = batch.slots.iter().any(|&slot| is_unsaid(column.place, slot));
                if lacks && !columns.contains(&column) {
                    columns.push(column);
                }
            }
        }
    }
    columns
}

/// The columns that new rows refer to and that the database makes.
fn referenced_columns(identity: &Identity) -> Result<Vec<&'static ColumnMeta>, Error> {
    let mut columns: Vec<&'static ColumnMeta> = Vec::new();
    for arena in identity.arenas().filter(|arena| arena.is_dirty()) {
        let own = arena.table().columns.iter().filter_map(|column| Some((column, column.target()?)));
        let own: Vec<_> = own.filter(|(_, target)| can_be_made(target)).collect();
        if own.is_empty() {
            continue;
        }
        for slot in arena.new_rows() {
            for (column, target) in &own {
                if !columns.contains(target)
                    && let NewValue::Pending(pending) = arena.new_value(slot, column.place)
                    && identity.referenced(pending, column)?.is_none()
                {
                    columns.push(target);
                }
            }
        }
    }
    for arena in identity.arenas() {
        for (_, _, (to, target)) in arena.references() {
            if can_be_made(target) && !columns.contains(&target) && identity.key_part(to, target)?.is_none() {
                columns.push(target);
            }
        }
    }
    Ok(columns)
}

fn can_be_made(column: &ColumnMeta) -> bool {
    is_made(column) && column.ty.is_builtin()
}

/// Whether the database makes the values of a column.
fn is_made(column: &ColumnMeta) -> bool {
    matches!(column.default, ColumnDefault::Identity(_) | ColumnDefault::Sql(_))
}

/// The new rows without a value for a column.
fn without(arena: &dyn AnyArena, column: &ColumnMeta) -> Vec<u32> {
    let says_nothing = |slot: &u32| matches!(arena.new_value(*slot, column.place), NewValue::Default);
    arena.new_rows().into_iter().filter(says_nothing).collect()
}
