//! The rows of a flush by their numbers, and what they are found by.

use std::collections::HashMap;

use super::order::{Alternative, Order};
use super::{Edge, Reason};
use crate::error::Error;
use crate::model::NewValue;
use crate::schema::TableMeta;
use crate::session::flush::affect::Affected;
use crate::session::flush::row_batch::{Operation, RowBatch};
use crate::session::flush::value::{Claim, Form, of_object};
use crate::session::identity::{AnyArena, Identity};

/// The rows of all groups, numbered through.
pub(super) struct EdgeRows<'a> {
    pub(super) identity: &'a Identity,
    pub(super) affected: &'a Affected,
    pub(super) groups: &'a [RowBatch],
    /// The number of the first row of each group.
    pub(super) starts: Vec<usize>,
    /// The groups whose rows are held against each other.
    members: Vec<bool>,
    pub(super) by_value: HashMap<(*const TableMeta, Vec<usize>), Values>,
    pub(super) by_slot: HashMap<(*const TableMeta, u32), usize>,
    /// How many there are, and how many with the points between them that stand for many edges.
    rows: usize,
    count: usize,
    edges: Vec<Edge>,
    alternatives: Vec<Alternative>,
    is_uncertain: bool,
}

/// Which rows give values of some columns up, and which take them.
#[derive(Default)]
pub(super) struct Values {
    pub(super) released: HashMap<Claim, usize>,
    pub(super) taken: HashMap<Claim, usize>,
    /// Those of rows that a cascade deletes, with the row of the flush that it comes from.
    pub(super) lost: HashMap<Claim, usize>,
}

impl<'a> EdgeRows<'a> {
    pub(super) fn new(
        identity: &'a Identity,
        groups: &'a [RowBatch],
        members: &[usize],
        affected: &'a Affected,
    ) -> EdgeRows<'a> {
        let mut starts = Vec::with_capacity(groups.len());
        let mut count = 0_usize;
        for group in groups {
            starts.push(count);
            count += group.slots.len();
        }
        let members = (0..groups.len()).map(|group| members.contains(&group)).collect();
        let (by_value, by_slot) = (HashMap::new(), HashMap::new());
        EdgeRows {
            identity,
            affected,
            groups,
            starts,
            rows: count,
            members,
            by_value,
            by_slot,
            count,
            edges: Vec::new(),
            alternatives: Vec::new(),
            is_uncertain: false,
        }
    }

    /// What the rows wait for.
    pub(super) fn into_order(self) -> Order {
        let EdgeRows { starts, rows, count, edges, alternatives, is_uncertain, .. } = self;
        Order { starts, rows, count, edges, alternatives, referring_before: Vec::new(), is_uncertain }
    }

    pub(super) fn arena(&self, table: &TableMeta) -> Result<&'a dyn AnyArena, Error> {
        let arena = self.identity.any(table);
        arena.ok_or_else(|| Error::session(format!("the session has no objects of `{}`", table.entity)))
    }

    /// The groups of a table whose rows are held against each other.
    pub(super) fn members_of(
        &self,
        table: &'static TableMeta,
    ) -> impl Iterator<Item = (usize, &'a RowBatch)> + use<'_, 'a> {
        let members = self.groups.iter().enumerate().filter(|(group, _)| self.members[*group]);
        members.filter(move |(_, group)| group.table == table)
    }

    /// The tables of those groups.
    pub(super) fn tables(&self) -> Vec<&'static TableMeta> {
        let mut tables = Vec::new();
        for (group, batch) in self.groups.iter().enumerate() {
            if self.members[group] && !tables.contains(&batch.table) {
                tables.push(batch.table);
            }
        }
        tables
    }

    /// The number of a row.
    pub(super) fn number(&self, group: usize, nth: usize) -> usize {
        self.starts[group] + nth
    }

    /// The group of a row.
    pub(super) fn group_of(&self, row: usize) -> usize {
        self.starts.partition_point(|start| *start <= row) - 1
    }

    pub(super) fn edge(&mut self, first: usize, then: usize, reason: Reason) {
        if first != then && self.is_member(first) && self.is_member(then) {
            self.edges.push(Edge { first, then, reason });
        }
    }

    /// An edge from a row that points at another to what gives the value up there. PostgreSQL looks for the value when the
    /// statement is done, and finds it where the same statement gives it to another row.
    pub(super) fn departure(&mut self, first: usize, then: usize, reason: Reason, taker: usize) {
        let edge = self.edges.len();
        self.edge(first, then, reason);
        if taker != first && taker != then && self.is_member(taker) && self.edges.len() > edge {
            let instead = Edge { first: taker, then, reason: Reason::Reference };
            let (edges, rows) = (vec![edge], vec![first, then, taker]);
            self.alternatives.push(Alternative { edges, instead, rows, is_by_handle: false });
        }
    }

    /// The edges to a new row that refers to another by its handle, from its place among them on: the row may as well refer to
    /// the key which that has before its change, and follow.
    pub(super) fn may_follow(&mut self, from: usize, row: usize, target: usize) {
        let edges: Vec<usize> = (from..self.edges.len()).collect();
        if !edges.is_empty() {
            let instead = Edge { first: row, then: target, reason: Reason::Separate };
            let rows = vec![row, target];
            self.alternatives.push(Alternative { edges, instead, rows, is_by_handle: true });
        }
    }

    /// Notes that rows may have to wait for each other where nobody but the server knows.
    pub(super) fn are_uncertain(&mut self) {
        self.is_uncertain = true;
    }

    /// How many edges there are.
    pub(super) fn edges(&self) -> usize {
        self.edges.len()
    }

    fn is_member(&self, row: usize) -> bool {
        row >= self.rows || self.members[self.group_of(row)]
    }

    /// A point that stands between rows: what goes before it goes before all that come behind it.
    pub(super) fn point(&mut self) -> usize {
        self.count += 1;
        self.count - 1
    }

    /// Rows of some groups before those of others, as long as nothing forbids it.
    pub(super) fn through_a_point(&mut self, first: &[(usize, &RowBatch)], then: &[(usize, &RowBatch)]) {
        let (first, then) = (self.rows_of(first), self.rows_of(then));
        self.all_before(&first, &then, Reason::Hint);
    }

    /// Some rows before all of others.
    pub(super) fn all_before(&mut self, first: &[usize], then: &[usize], reason: Reason) {
        if first.is_empty() || then.is_empty() {
            return;
        }
        let point = self.point();
        first.iter().for_each(|&row| self.edge(row, point, reason));
        then.iter().for_each(|&row| self.edge(point, row, reason));
    }

    pub(super) fn rows_of(&self, groups: &[(usize, &RowBatch)]) -> Vec<usize> {
        let mut rows = Vec::new();
        for (group, batch) in groups {
            rows.extend((0..batch.slots.len()).map(|nth| self.number(*group, nth)));
        }
        rows
    }

    /// The row of an object that is inserted, or whose values in these columns change.
    pub(super) fn bringing(&mut self, table: &TableMeta, slot: u32, places: &[usize]) -> Option<usize> {
        let row = self.row_of(table, slot)?;
        let batch = &self.groups[self.group_of(row)];
        let is_new = matches!(batch.operation, Operation::Insert | Operation::Replace);
        (is_new || batch.changes(places)).then_some(row)
    }

    /// Whether an object is deleted, or taken over by another.
    pub(super) fn deletes(&mut self, table: &TableMeta, slot: u32) -> bool {
        self.row_of(table, slot).is_some_and(|row| {
            let group = self.group_of(row);
            let batch = &self.groups[group];
            batch.operation == Operation::Delete
                || batch.replaced.get(row - self.starts[group]) == Some(&slot)
        })
    }

    /// Whether a row can be referred to before the flush does anything with it: one that is taken over.
    pub(super) fn is_there(&self, row: usize, places: &[usize]) -> bool {
        let batch = &self.groups[self.group_of(row)];
        batch.operation == Operation::Replace && !batch.changes(places)
    }

    /// The new rows that refer to objects by their handles, by table and slot of the object.
    pub(super) fn by_handle(&self) -> HashMap<(*const TableMeta, u32), Vec<usize>> {
        let mut found: HashMap<(*const TableMeta, u32), Vec<usize>> = HashMap::new();
        for (group, batch) in self.groups.iter().enumerate() {
            let columns: Vec<usize> =
                batch.table.foreign_keys.iter().flat_map(|key| key.columns).copied().collect();
            let Some(arena) = self.identity.any(batch.table).filter(|_| !columns.is_empty()) else {
                continue;
            };
            for (nth, &new) in batch.slots.iter().enumerate() {
                for &place in &columns {
                    if let NewValue::Pending(pending) = arena.new_value(new, place) {
                        let object = (std::ptr::from_ref(pending.table), pending.slot);
                        found.entry(object).or_default().push(self.number(group, nth));
                    }
                }
            }
        }
        found
    }

    /// The row of an object, whatever is done with it.
    pub(super) fn row_of(&mut self, table: &TableMeta, slot: u32) -> Option<usize> {
        self.number_slots();
        self.by_slot.get(&(std::ptr::from_ref(table), slot)).copied()
    }

    pub(super) fn number_slots(&mut self) {
        if self.by_slot.is_empty() {
            for (group, batch) in self.groups.iter().enumerate() {
                for (nth, &slot) in batch.slots.iter().chain(&batch.replaced).enumerate() {
                    let row = self.starts[group] + nth % batch.slots.len();
                    self.by_slot.insert((std::ptr::from_ref(batch.table), slot), row);
                }
            }
        }
    }
}

/// The values that an object of the flush has between a cascade and its own write; `None` if none gives it any.
pub(super) fn until_written(
    affected: &Affected,
    arena: &dyn AnyArena,
    table: &TableMeta,
    slot: u32,
    places: &[usize],
) -> Result<Option<Claim>, Error> {
    let is_taken = |place: usize| {
        affected.until_written(table, slot, place).is_some() || affected.changes(table, slot, &[place])
    };
    if !places.iter().any(|&place| is_taken(place)) {
        return Ok(None);
    }
    of_object(Form::Exact, places, |place| match affected.until_written(table, slot, place) {
        Some(value) => Ok(value),
        None if is_taken(place) => arena.value(slot, place),
        None => arena.stored_value(slot, place),
    })
}
