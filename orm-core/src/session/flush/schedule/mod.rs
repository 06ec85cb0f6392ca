//! Orders the rows of groups that wait for each other in a circle: cuts batches out of the graph of rows, as few as can be, in an
//! order that depends on nothing else.

mod emit;
mod over;
mod rank;
mod stage;
mod unlike;

use std::collections::{BTreeSet, HashMap, VecDeque};
use std::ops::AddAssign;

use super::alone::Alone;
use super::component::components;
use super::edge::{Edge, Order, Reason};
use super::row_batch::RowBatch;
use super::step::{Step, Units};
use crate::error::Error;
use crate::session::identity::Identity;
use stage::stages;
pub(super) use unlike::RefusedUnits;

/// The steps of some groups.
#[derive(Default)]
pub(super) struct Scheduled {
    pub(super) steps: Vec<Step>,
    /// Whether constraints that can be deferred have to be.
    pub(super) defers: bool,
    pub(super) broken: Broken,
    /// The rows that could be divided to spare that, by group and place in it.
    pub(super) divisible: Vec<(usize, usize)>,
    /// New rows that refer to others before those get their new keys, each with the other, by group and place in it.
    pub(super) referring_before: Vec<[(usize, usize); 2]>,
    /// The units of each step, where they do not go out in batches.
    pub(super) units: Vec<Units>,
}

/// How many edges that do not bind an order goes against.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct Broken {
    pub(super) cautions: usize,
    pub(super) hints: usize,
}

impl AddAssign for Broken {
    fn add_assign(&mut self, other: Broken) {
        self.cautions += other.cautions;
        self.hints += other.hints;
    }
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
    place: Destination,
    /// How many edges that bind lead here from what is not done yet, and how many others.
    binding: usize,
    wished: usize,
    /// How many of the others are hints only, and how many of those give way to others.
    hints: usize,
    preferences: usize,
    /// How many of the others are of constraints that can be deferred, and of those how many are so only if the transaction
    /// says so.
    deferrable: usize,
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

/// What a unit waits for that does not bind, in the order in which units go against it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
struct Wait {
    circle: usize,
    /// How much may fail otherwise, then the hints, then those that give way to others.
    cautions: usize,
    hints: usize,
    preferences: usize,
    rank: usize,
    unit: usize,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Progress {
    Waits,
    Ready,
    Done,
}

/// Where a unit goes out.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Destination {
    /// In a batch of this group.
    Group(usize),
    /// In a statement of its own that is made of several.
    Together,
    /// Nowhere: it stands for edges.
    Point,
}

impl Unit {
    fn wait(&self, unit: usize) -> Wait {
        Wait {
            circle: self.circle,
            cautions: self.wished - self.hints,
            hints: self.hints - self.preferences,
            preferences: self.preferences,
            rank: self.rank,
            unit,
        }
    }
}

/// The rows of some groups in the order that goes against as little as can be; with `refused` one by one, and in an order
/// that is not among those.
pub(super) fn schedule(
    identity: &Identity,
    groups: &[RowBatch],
    members: &[usize],
    order: &Order,
    refused: Option<&RefusedUnits>,
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
    match refused {
        None => state.run(identity)?,
        Some(refused) => {
            if !state.run_unlike(identity, refused) {
                return Ok(Err(Stuck { rows: Vec::new(), is_unknown: false }));
            }
        }
    }
    let place = |row: usize| {
        let group = order.group_of(row);
        (group, row - order.starts[group])
    };
    state.out.referring_before =
        order.referring_before.iter().map(|edge| [place(edge.first), place(edge.then)]).collect();
    Ok(Ok(state.out))
}

struct Schedule<'a> {
    groups: &'a [RowBatch],
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
    /// What waits for nothing that binds, and for something else; first what waits for the least.
    waiting: BTreeSet<Wait>,
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
            [point] if point >= self.order.rows => Destination::Point,
            [row] => Destination::Group(group(row)),
            [first, ..] => {
                let stages = stages(&rows, &self.unique).ok_or_else(|| self.order.stuck(&rows, false))?;
                if stages.len() == 1 && rows.iter().all(|&row| group(row) == group(first)) {
                    Destination::Group(group(first))
                } else {
                    self.stages.insert(number, stages);
                    Destination::Together
                }
            }
            [] => return Ok(()),
        };
        if let Destination::Group(group) = place {
            self.left[group] += 1;
        }
        let (binding, wished, immediate, then) = (0, 0, 0, Vec::new());
        self.units.push(Unit {
            rows,
            place,
            binding,
            wished,
            hints: 0,
            preferences: 0,
            deferrable: 0,
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
                    unit.deferrable += 1;
                    unit.immediate += usize::from(is_immediate);
                }
                Reason::Guess { .. } | Reason::Interim | Reason::Caution => unit.wished += 1,
                Reason::Hint | Reason::Preference => {
                    unit.wished += 1;
                    unit.hints += 1;
                    unit.preferences += usize::from(reason == Reason::Preference);
                }
            }
        }
    }
}
