//! An order that the server has not refused yet: the units of a circle one by one, each behind what binds, and else as they
//! go against the least; then some of them in one statement, since foreign keys are looked at when that is done.

use std::collections::HashSet;

use super::stage::stages;
use super::{Destination, Schedule};
use crate::schema::TableMeta;
use crate::session::flush::edge::{Reason, action};
use crate::session::flush::row_batch::RowBatch;
use crate::session::flush::step::{Step, Units};
use crate::session::identity::Identity;

/// How many units there may be, so that some are tried in one statement.
const MOST_TIED: usize = 8;

/// What the server has refused of the units of a circle.
#[derive(Default)]
pub(in crate::session::flush) struct RefusedUnits {
    /// Statements, each with the units that were written before it.
    statements: HashSet<(Units, Units)>,
    /// Orders as a whole.
    orders: HashSet<Vec<Units>>,
}

impl RefusedUnits {
    /// Notes that the last of some statements was refused, with the others before it.
    pub(in crate::session::flush) fn refuse_statement(&mut self, order: &[Units]) {
        if let [before @ .., last] = order {
            let before = before.iter().fold(0, |before, units| before | units);
            self.statements.insert((before, *last));
        }
    }

    /// Notes that an order was refused when all of it was written.
    pub(in crate::session::flush) fn refuse_order(&mut self, order: Vec<Units>) {
        self.orders.insert(order);
    }
}

/// What units wait for.
#[derive(Clone, Copy, Default)]
struct Before {
    binding: Units,
    cautions: Units,
    hints: Units,
    preferences: Units,
}

/// Looks for an order of some statements.
struct OrderSearch<'a> {
    refused: &'a RefusedUnits,
    /// The statements by their rank, each with what it waits for.
    statements: Vec<(Units, Before)>,
    order: Vec<Units>,
    /// What is written where every order from there on is refused.
    dead: HashSet<Units>,
}

/// How an order ends that has begun.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Ending {
    Found,
    /// Some statement is refused, whatever the order of those before.
    Refused,
    /// Whole orders are refused.
    OrdersRefused,
}

impl OrderSearch<'_> {
    fn new(refused: &RefusedUnits, statements: Vec<(Units, Before)>) -> OrderSearch<'_> {
        let order = Vec::with_capacity(statements.len());
        OrderSearch { refused, statements, order, dead: HashSet::new() }
    }

    fn go_on(&mut self, written: Units) -> Ending {
        if self.order.len() == self.statements.len() {
            let is_refused = self.refused.orders.contains(&self.order);
            return if is_refused { Ending::OrdersRefused } else { Ending::Found };
        }
        if self.dead.contains(&written) {
            return Ending::Refused;
        }
        let is_next = |(units, before): &&(Units, Before)| {
            written & units == 0
                && before.binding & !written == 0
                && !self.refused.statements.contains(&(written, *units))
        };
        let mut next: Vec<(Units, Before)> = self.statements.iter().filter(is_next).copied().collect();
        let missing = |units: Units| (units & !written).count_ones();
        next.sort_by_key(|(_, before)| {
            (missing(before.cautions), missing(before.hints), missing(before.preferences))
        });
        let mut ending = Ending::Refused;
        for (units, _) in next {
            self.order.push(units);
            match self.go_on(written | units) {
                Ending::Found => return Ending::Found,
                Ending::OrdersRefused => ending = Ending::OrdersRefused,
                Ending::Refused => {}
            }
            self.order.pop();
        }
        if ending == Ending::Refused {
            self.dead.insert(written);
        }
        ending
    }
}

impl Schedule<'_> {
    /// Emits everything in an order that is not refused; `false` if there is none, or if there are too many units to tell.
    pub(super) fn run_unlike(&mut self, identity: &Identity, refused: &RefusedUnits) -> bool {
        if self.units.len() > 64 {
            return false;
        }
        let is_point = |unit: &usize| self.units[*unit].place == Destination::Point;
        let mut by_rank: Vec<usize> = (0..self.units.len()).filter(|unit| !is_point(unit)).collect();
        by_rank.sort_by_key(|&unit| self.units[unit].rank);
        let before = self.before();
        let one_by_one: Vec<_> = by_rank.iter().map(|&unit| (1 << unit, before[unit])).collect();
        let tables = identity.known_tables();
        for tied in [0].into_iter().chain(subsets(&by_rank)) {
            let Some(statements) = self.tying(&one_by_one, tied, &tables) else { continue };
            let mut search = OrderSearch::new(refused, statements);
            if search.go_on(0) == Ending::Found {
                self.emit_in_order(search.order);
                return true;
            }
        }
        false
    }

    /// The statements where some units go out in one; `None` if they cannot.
    fn tying(
        &self,
        one_by_one: &[(Units, Before)],
        tied: Units,
        tables: &[&'static TableMeta],
    ) -> Option<Vec<(Units, Before)>> {
        if tied == 0 {
            return Some(one_by_one.to_vec());
        }
        self.stages_of(tied).filter(|_| !self.leads_astray(tied, tables))?;
        let (inside, mut statements): (Vec<_>, Vec<_>) =
            one_by_one.iter().copied().partition(|(unit, _)| tied & unit != 0);
        let mut before = Before::default();
        inside.iter().for_each(|(_, of_unit)| before.add_all(of_unit, tied));
        statements.push((tied, before));
        Some(statements)
    }

    fn rows_of(&self, units: Units) -> Vec<usize> {
        let units = self.units.iter().enumerate().filter(|(unit, _)| units & (1 << unit) != 0);
        let mut rows: Vec<usize> = units.flat_map(|(_, unit)| unit.rows.iter().copied()).collect();
        rows.sort_unstable();
        rows
    }

    /// The rows of some units in the stages of one statement; `None` if they cannot stand in one.
    fn stages_of(&self, units: Units) -> Option<Vec<Vec<usize>>> {
        let rows = self.rows_of(units);
        let is_apart =
            |row: &usize| self.apart[*row].iter().any(|(then, _)| rows.binary_search(then).is_ok());
        if rows.iter().any(is_apart) {
            return None;
        }
        stages(&rows, &self.unique)
    }

    /// Whether rows that nobody writes could come to point at another row: one that takes a value in the statement that gives it
    /// up, where no action turns them away.
    fn leads_astray(&self, units: Units, tables: &[&'static TableMeta]) -> bool {
        let rows = self.rows_of(units);
        let hands_over = |row: &usize| self.unique[*row].iter().any(|then| rows.binary_search(then).is_ok());
        let stays = |batch: &RowBatch| {
            let mut keys = tables.iter().flat_map(|table| table.foreign_keys);
            keys.any(|key| (key.target)().table == batch.table && !action(key, batch).acts())
        };
        rows.iter().filter(|row| hands_over(row)).any(|&row| stays(&self.groups[self.order.group_of(row)]))
    }

    fn emit_in_order(&mut self, order: Vec<Units>) {
        for units in order {
            let stages = self.stages_of(units).unwrap_or_default();
            let mut stages: Vec<_> = stages.iter().map(|rows| self.batches(rows)).collect();
            let step = match &mut stages[..] {
                [batches] if batches.len() == 1 => Step::Batch(batches.remove(0)),
                _ => Step::Together(stages),
            };
            self.out.steps.push(step);
            self.out.units.push(units);
        }
    }

    /// What each unit waits for, through points as well.
    fn before(&self) -> Vec<Before> {
        let mut before = vec![Before::default(); self.units.len()];
        // Points come behind the units, and none leads to another.
        let mut through: Vec<Units> = vec![0; self.units.len()];
        let is_point = |unit: usize| self.units[unit].place == Destination::Point;
        for (first, unit) in self.units.iter().enumerate().filter(|(first, _)| !is_point(*first)) {
            for &(then, reason) in &unit.then {
                through[then] |= 1 << first;
                before[then].add(1 << first, reason);
            }
        }
        for (point, unit) in self.units.iter().enumerate().filter(|(point, _)| is_point(*point)) {
            for &(then, reason) in unit.then.iter().filter(|(then, _)| !is_point(*then)) {
                before[then].add(through[point] & !(1 << then), reason);
            }
        }
        before
    }
}

/// Two and more of some units, if these are not too many; fewer first.
fn subsets(units: &[usize]) -> Vec<Units> {
    if units.len() > MOST_TIED {
        return Vec::new();
    }
    let all = 0..1_usize << units.len();
    let mut subsets: Vec<usize> = all.filter(|subset| subset.count_ones() > 1).collect();
    subsets.sort_by_key(|subset| subset.count_ones());
    let of = |subset: usize| {
        let inside = units.iter().enumerate().filter(|(at, _)| subset & (1 << at) != 0);
        inside.fold(0, |set, (_, unit)| set | 1 << unit)
    };
    subsets.into_iter().map(of).collect()
}

impl Before {
    /// Adds what a unit waits for, but for those it goes out with.
    fn add_all(&mut self, other: &Before, tied: Units) {
        self.binding |= other.binding & !tied;
        self.cautions |= other.cautions & !tied;
        self.hints |= other.hints & !tied;
        self.preferences |= other.preferences & !tied;
    }

    fn add(&mut self, units: Units, reason: Reason) {
        match reason {
            Reason::Reference | Reason::UnknownReference | Reason::Separate | Reason::Unique => {
                self.binding |= units;
            }
            // What a constraint lets pass until the end may be another row by then.
            Reason::Deferrable { .. } => self.binding |= units,
            Reason::Guess { .. } | Reason::Interim | Reason::Caution => self.cautions |= units,
            Reason::Hint => self.hints |= units,
            Reason::Preference => self.preferences |= units,
        }
    }
}
