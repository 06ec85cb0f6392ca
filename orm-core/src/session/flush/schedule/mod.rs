//! Cuts batches out of the graph of rows: as few as can be, in an order that depends on nothing else.

mod stage;

use std::collections::{BTreeSet, HashMap, VecDeque};

use super::collect::{Batch, Operation};
use super::component::components;
use super::divide::Alone;
use super::edge::value::stored;
use super::edge::{Edge, Order, Reason};
use super::plan::Step;
use crate::error::Error;
use crate::session::identity::Identity;
use stage::stages;

/// The steps of some groups.
#[derive(Default)]
pub(super) struct Scheduled {
    pub(super) steps: Vec<Step>,
    /// Whether constraints that can be deferred have to be.
    pub(super) defers: bool,
}

/// Rows that wait for each other in a circle that nothing solves, by group and place in it.
#[derive(Debug)]
pub(super) struct Stuck {
    pub(super) rows: Vec<(usize, usize)>,
    /// Whether they refer to each other by values that are not known before the rows are there.
    pub(super) is_unknown: bool,
}

/// Rows that go out at the same time: one, or those of a circle.
struct Unit {
    rows: Vec<usize>,
    place: Place,
    /// How many edges that bind lead here from what is not done yet, and how many others.
    binding: usize,
    wished: usize,
    /// How many of the others are hints only.
    hints: usize,
    /// How many of the others are of constraints that are deferred only if the transaction says so.
    immediate: usize,
    /// The number of the last batch that it cannot be a part of.
    not_in: usize,
    /// The number of the circle that it stands in, where what need not be counts too: each behind those it waits for.
    circle: usize,
    /// Where it stands among those of the circle that have as much to wait for.
    rank: usize,
    then: Vec<(usize, Reason)>,
    progress: Progress,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Progress {
    Waits,
    Ready,
    Done,
}

/// Where a unit goes out.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Place {
    /// In a batch of this group.
    Group(usize),
    /// In a statement of its own that is made of several.
    Together,
    /// Nowhere: it stands for edges.
    Point,
}

pub(super) fn schedule(
    identity: &Identity,
    groups: &[Batch],
    members: &[usize],
    order: &Order,
) -> Result<Result<Scheduled, Stuck>, Error> {
    let mut before: Vec<Vec<usize>> = vec![Vec::new(); order.count];
    let mut unique: Vec<Vec<usize>> = vec![Vec::new(); order.count];
    let mut apart: Vec<Vec<(usize, bool)>> = vec![Vec::new(); order.count];
    for edge in order.edges.iter().filter(|edge| edge.reason.is_binding()) {
        before[edge.then].push(edge.first);
        match edge.reason {
            Reason::Unique => unique[edge.first].push(edge.then),
            Reason::UnknownReference => apart[edge.first].push((edge.then, true)),
            Reason::Separate => apart[edge.first].push((edge.then, false)),
            _ => {}
        }
    }
    let circles = components(&before.iter().map(|list| &list[..]).collect::<Vec<_>>());
    let mut state = Schedule {
        groups,
        order,
        unique,
        apart,
        unit_of: vec![0; order.count],
        units: Vec::with_capacity(circles.len()),
        ready: vec![VecDeque::new(); groups.len()],
        left: groups.iter().map(|_| 0).collect(),
        together: VecDeque::new(),
        waiting: BTreeSet::new(),
        batch: 0,
        stages: HashMap::new(),
        alone: None,
        out: Scheduled::default(),
    };
    let is_member = |row: usize| row >= order.rows || members.contains(&order.group_of(row));
    let mut circles: Vec<Vec<usize>> = circles.into_iter().filter(|rows| is_member(rows[0])).collect();
    circles.iter_mut().for_each(|rows| rows.sort_unstable());
    // As the rows were collected: keys are made in the order in which rows are sent.
    circles.sort_unstable_by_key(|rows| rows[0]);
    for rows in circles {
        if let Err(stuck) = state.add(rows) {
            return Ok(Err(stuck));
        }
    }
    state.connect();
    state.rank(identity, members)?;
    if let Some(stuck) = state.run(identity)? {
        return Ok(Err(stuck));
    }
    Ok(Ok(state.out))
}

struct Schedule<'a> {
    groups: &'a [Batch],
    order: &'a Order,
    /// For each row those that take a unique value of it.
    unique: Vec<Vec<usize>>,
    /// For each row those that cannot stand in one statement with it, and whether they refer to it by a value that is not
    /// known before.
    apart: Vec<Vec<(usize, bool)>>,
    unit_of: Vec<usize>,
    units: Vec<Unit>,
    /// What waits for nothing, by group.
    ready: Vec<VecDeque<usize>>,
    /// How many units of each group are not done.
    left: Vec<usize>,
    together: VecDeque<usize>,
    /// What waits for nothing that binds, and for something else: its circle, for how much it waits that
    /// may fail otherwise, for how much else, its rank, the unit.
    waiting: BTreeSet<(usize, usize, usize, usize, usize)>,
    /// The number of the batch at hand.
    batch: usize,
    /// The stages of units that are statements of their own.
    stages: HashMap<usize, Vec<Vec<usize>>>,
    /// By the number of a circle, the rows in it that can be taken apart; once it is asked for.
    alone: Option<HashMap<usize, Vec<Alone>>>,
    out: Scheduled,
}

impl Schedule<'_> {
    fn add(&mut self, rows: Vec<usize>) -> Result<(), Stuck> {
        let number = self.units.len();
        rows.iter().for_each(|&row| self.unit_of[row] = number);
        let group = |row: usize| self.order.group_of(row);
        let is_apart =
            |&row: &usize| self.apart[row].iter().any(|(then, _)| rows.binary_search(then).is_ok());
        if rows.len() > 1 && rows.iter().any(is_apart) {
            let unknown = |&row: &usize| self.apart[row].iter().any(|(_, is_unknown)| *is_unknown);
            return Err(self.order.stuck(&rows, rows.iter().any(unknown)));
        }
        let place = match rows[..] {
            [point] if point >= self.order.rows => Place::Point,
            [row] => Place::Group(group(row)),
            [first, ..] => {
                let stages = stages(&rows, &self.unique).ok_or_else(|| self.order.stuck(&rows, false))?;
                if stages.len() == 1 && rows.iter().all(|&row| group(row) == group(first)) {
                    Place::Group(group(first))
                } else {
                    self.stages.insert(number, stages);
                    Place::Together
                }
            }
            [] => return Ok(()),
        };
        if let Place::Group(group) = place {
            self.left[group] += 1;
        }
        let (binding, wished, immediate, then) = (0, 0, 0, Vec::new());
        self.units.push(Unit {
            rows,
            place,
            binding,
            wished,
            hints: 0,
            immediate,
            not_in: 0,
            circle: 0,
            rank: 0,
            then,
            progress: Progress::Waits,
        });
        Ok(())
    }

    fn connect(&mut self) {
        for &Edge { first, then, reason } in &self.order.edges {
            let (first, then) = (self.unit_of[first], self.unit_of[then]);
            if first == then {
                continue;
            }
            self.units[first].then.push((then, reason));
            let unit = &mut self.units[then];
            match reason {
                Reason::Reference | Reason::UnknownReference | Reason::Separate | Reason::Unique => {
                    unit.binding += 1;
                }
                Reason::Deferrable { is_immediate } => {
                    unit.wished += 1;
                    unit.immediate += usize::from(is_immediate);
                }
                Reason::Caution => unit.wished += 1,
                Reason::Hint => {
                    unit.wished += 1;
                    unit.hints += 1;
                }
            }
        }
    }

    /// Gives units a rank: what all else waits for first, then by group and key, so that the order of objects makes no
    /// difference.
    fn rank(&mut self, identity: &Identity, members: &[usize]) -> Result<(), Error> {
        let mut keys = Vec::with_capacity(self.units.len());
        let is_plain = self.order.edges.iter().all(|edge| edge.reason.is_binding());
        if is_plain {
            return Ok(());
        }
        let mut before: Vec<Vec<usize>> = vec![Vec::new(); self.units.len()];
        for (first, unit) in self.units.iter().enumerate() {
            unit.then.iter().for_each(|(then, _)| before[*then].push(first));
        }
        let circles = components(&before.iter().map(|list| &list[..]).collect::<Vec<_>>());
        for (number, circle) in circles.iter().enumerate() {
            circle.iter().for_each(|&unit| self.units[unit].circle = number);
        }
        for (number, unit) in self.units.iter().enumerate() {
            let row = unit.rows[0];
            let key = match unit.place {
                Place::Group(group) if self.groups[group].is_stored() => {
                    let batch = &self.groups[group];
                    let slot = batch.stored_slot(row - self.order.starts[group]);
                    identity
                        .any(batch.table)
                        .map(|arena| stored(arena, slot, batch.table.primary_key))
                        .transpose()?
                }
                _ => None,
            };
            let place = match unit.place {
                Place::Group(group) => members.iter().filter(|member| **member < group).count(),
                Place::Together => members.len(),
                Place::Point => members.len() + 1,
            };
            keys.push((place, key.flatten(), number));
        }
        keys.sort_unstable();
        for (rank, (_, _, number)) in keys.into_iter().enumerate() {
            self.units[number].rank = rank;
        }
        Ok(())
    }

    /// Emits everything. It ends where a row would have to go against what is better, if rows of the circle take others over
    /// and can be taken apart.
    fn run(&mut self, identity: &Identity) -> Result<Option<Stuck>, Error> {
        for unit in 0..self.units.len() {
            self.settle(unit, None);
        }
        loop {
            let complete = (0..self.groups.len())
                .find(|&group| self.left[group] > 0 && self.ready[group].len() == self.left[group]);
            if let Some(group) = complete {
                self.emit_batch(group);
            } else if let Some(unit) = self.together.pop_front() {
                self.emit_together(unit);
            } else if let Some(group) = (0..self.groups.len()).find(|&group| !self.ready[group].is_empty()) {
                self.emit_batch(group);
            } else if let Some((.., unit)) = self.waiting.pop_first() {
                let only_hints = self.units[unit].wished == self.units[unit].hints;
                let rows = self.taking_over(identity, unit, only_hints)?;
                if !rows.is_empty() {
                    return Ok(Some(Stuck { rows, is_unknown: false }));
                }
                // Nothing that binds forbids it.
                self.out.defers |= self.units[unit].immediate > 0;
                (self.units[unit].wished, self.units[unit].hints) = (0, 0);
                self.batch += 1;
                self.settle(unit, None);
            } else {
                return Ok(None);
            }
        }
    }

    /// The rows in the circle of a unit that take others over, and can be taken apart. For what is only a hint no row may be
    /// lost that is not loaded.
    fn taking_over(
        &mut self,
        identity: &Identity,
        unit: usize,
        only_hints: bool,
    ) -> Result<Vec<(usize, usize)>, Error> {
        let alone = match self.alone.take() {
            Some(alone) => alone,
            None => self.alone(identity)?,
        };
        let rows = alone.get(&self.units[unit].circle).into_iter().flatten();
        let rows = rows.filter(|row| row.is_free || !only_hints);
        let waits = |row: &&Alone| {
            let number = self.unit_of[self.order.starts[row.group] + row.nth];
            self.units[number].progress != Progress::Done
        };
        let rows = rows.filter(waits).map(|row| (row.group, row.nth)).collect();
        self.alone = Some(alone);
        Ok(rows)
    }

    fn alone(&self, identity: &Identity) -> Result<HashMap<usize, Vec<Alone>>, Error> {
        let rows = self.units.iter().flat_map(|unit| &unit.rows).filter(|row| **row < self.order.rows);
        let rows = rows.map(|&row| {
            let group = self.order.group_of(row);
            (group, row - self.order.starts[group])
        });
        let over = rows.filter(|(group, _)| self.groups[*group].operation == Operation::Replace);
        let over: Vec<(usize, usize)> = over.collect();
        let mut alone: HashMap<usize, Vec<Alone>> = HashMap::new();
        for row in super::divide::alone(identity, self.groups, &over)? {
            let unit = self.unit_of[self.order.starts[row.group] + row.nth];
            alone.entry(self.units[unit].circle).or_default().push(row);
        }
        Ok(alone)
    }

    /// Puts a unit where it waits, or where it is ready; into the batch at hand, if it can stand there.
    fn settle(&mut self, number: usize, batch: Option<(usize, &mut VecDeque<usize>)>) {
        let unit = &self.units[number];
        if unit.binding > 0 || unit.progress != Progress::Waits {
            return;
        }
        if unit.wished > 0 {
            self.waiting.insert((unit.circle, unit.wished - unit.hints, unit.hints, unit.rank, number));
            return;
        }
        let (place, not_in) = (unit.place, unit.not_in);
        self.units[number].progress = Progress::Ready;
        match (place, batch) {
            (Place::Group(group), Some((at_hand, queue))) if group == at_hand && not_in != self.batch => {
                queue.push_back(number);
            }
            (Place::Group(group), _) => self.ready[group].push_back(number),
            (Place::Together, _) => self.together.push_back(number),
            (Place::Point, _) => self.release(number, None),
        }
    }

    fn emit_batch(&mut self, group: usize) {
        self.batch += 1;
        let mut batch = self.groups[group].emptied();
        let mut queue = std::mem::take(&mut self.ready[group]);
        while let Some(number) = queue.pop_front() {
            self.left[group] -= 1;
            for &row in &self.units[number].rows {
                batch.take(&self.groups[group], row - self.order.starts[group]);
            }
            self.release(number, Some((group, &mut queue)));
        }
        self.out.steps.push(Step::Batch(batch));
    }

    fn emit_together(&mut self, number: usize) {
        self.batch += 1;
        let stages = self.stages.remove(&number).unwrap_or_default();
        let stages = stages.into_iter().map(|rows| self.batches(&rows)).collect();
        self.out.steps.push(Step::Together(stages));
        self.release(number, None);
    }

    /// The batches of some rows, by group.
    fn batches(&self, rows: &[usize]) -> Vec<Batch> {
        let mut batches: Vec<(usize, Batch)> = Vec::new();
        for &row in rows {
            let group = self.order.group_of(row);
            let at = batches.iter().position(|(other, _)| *other == group).unwrap_or_else(|| {
                batches.push((group, self.groups[group].emptied()));
                batches.len() - 1
            });
            batches[at].1.take(&self.groups[group], row - self.order.starts[group]);
        }
        batches.sort_by_key(|(group, _)| *group);
        batches.into_iter().map(|(_, batch)| batch).collect()
    }

    /// What waited for a unit waits for it no more.
    fn release(&mut self, number: usize, mut batch: Option<(usize, &mut VecDeque<usize>)>) {
        self.units[number].progress = Progress::Done;
        for (then, reason) in std::mem::take(&mut self.units[number].then) {
            let unit = &mut self.units[then];
            if unit.progress != Progress::Waits {
                continue;
            }
            // Foreign keys are looked at when the statement is done.
            if reason != Reason::Reference {
                unit.not_in = self.batch;
            }
            if reason.is_binding() {
                unit.binding -= 1;
            } else {
                self.waiting.remove(&(unit.circle, unit.wished - unit.hints, unit.hints, unit.rank, then));
                unit.wished -= 1;
                unit.hints -= usize::from(reason == Reason::Hint);
                unit.immediate -= usize::from(reason == Reason::Deferrable { is_immediate: true });
            }
            let queue = batch.as_mut().map(|(group, queue)| (*group, &mut **queue));
            self.settle(then, queue);
        }
    }
}
