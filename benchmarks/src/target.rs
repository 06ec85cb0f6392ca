//! What ours is to reach, and whether it does.

use crate::cell::Cell;
use crate::contestant::Kind;
use crate::kept::{Figure, Kept};
use crate::statistic::Spread;

/// A ratio to the floor that a contestant of ours may not pass.
#[derive(Debug)]
pub(crate) struct Target {
    pub(crate) cell: &'static str,
    pub(crate) contestant: &'static str,
    pub(crate) figure: Figure,
    pub(crate) limit: f64,
}

const fn target(cell: &'static str, contestant: &'static str, figure: Figure, limit: f64) -> Target {
    Target { cell, contestant, figure, limit }
}

/// The most instructions one row by key is to take on the engine: what a user notices least to pay for typed statements,
/// checks and a pool.
const BY_KEY_INSTRUCTIONS: f64 = 1.15;

/// What it takes today, 1.35 to 1.49 and 1.40 in the middle of eight runs on a busy machine, is held by a test: it may only become
/// less. It was 1.28 before each connection had one pool, names of statements of its own, and an end to every wait.
pub const BY_KEY_INSTRUCTIONS_HELD: f64 = 1.50;

/// The most instructions a row of 10,000 may take on the engine: decoded as it arrives, it needs no list of rows between.
pub const LOAD_INSTRUCTIONS: f64 = 0.95;

/// The most instructions related rows may take on the engine: children find their parents with less than by hand.
const RELATED_INSTRUCTIONS: f64 = 0.90;

/// What is held by a test: 0.89 of two levels and 0.90 of three were counted, with each relation of `with`. It may cost no
/// more than what another machine's libraries make of it.
pub const RELATED_INSTRUCTIONS_HELD: f64 = 0.92;

/// The most instructions an insert of 100 rows may take on the engine, with their ids given back: what it borrows is
/// written down once.
pub const INSERT_INSTRUCTIONS: f64 = 1.15;

/// All of them, in the order of the table.
pub(crate) const TARGETS: &[Target] = &[
    target("by_key", "engine", Figure::Instructions, BY_KEY_INSTRUCTIONS),
    target("by_key_16_tasks", "engine", Figure::Cpu, 1.15),
    target("by_key_16_tasks", "engine", Figure::Wall, 1.15),
    target("load_10000", "engine", Figure::Instructions, LOAD_INSTRUCTIONS),
    target("load_10000", "engine", Figure::Wall, 0.90),
    target("join_100", "engine", Figure::Instructions, 1.05),
    target("insert_1", "engine", Figure::Wall, 1.0),
    target("insert_100", "engine", Figure::Instructions, INSERT_INSTRUCTIONS),
    target("insert_100", "session", Figure::Instructions, 1.5),
    target("insert_10000", "engine", Figure::Wall, 1.0),
    target("insert_10000", "session", Figure::Wall, 1.3),
    target("insert_without_ids_10000", "engine", Figure::Wall, 0.8),
    target("posts", "engine", Figure::Instructions, RELATED_INSTRUCTIONS),
    target("related", "engine", Figure::Instructions, RELATED_INSTRUCTIONS),
    target("related", "engine", Figure::Wall, 0.75),
    target("change", "session", Figure::Wall, 0.75),
    target("change", "session", Figure::Cpu, 0.9),
    target("tpcb", "engine", Figure::Wall, 0.6),
    target("tpcb", "engine", Figure::Cpu, 0.5),
];

/// How a target stands.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) enum Standing {
    Met(f64),
    Short(f64),
    NotMeasured,
}

impl Target {
    pub(crate) fn standing(&self, kept: &Kept) -> Standing {
        let ratios = Cell::find(self.cell).map(|cell| kept.ratios(cell, self.contestant, self.figure));
        match ratios.and_then(Spread::of) {
            Some(ratio) if ratio.median <= self.limit => Standing::Met(ratio.median),
            Some(ratio) => Standing::Short(ratio.median),
            None => Standing::NotMeasured,
        }
    }
}

/// What two runs of one program differ by.
pub(crate) const NOISE: f64 = 1.15;

/// A peer that is ahead of the better of ours by more than the noise.
#[derive(Debug, PartialEq)]
pub(crate) struct Ahead {
    pub(crate) cell: &'static str,
    pub(crate) figure: Figure,
    pub(crate) peer: &'static str,
    pub(crate) of_peer: f64,
    pub(crate) of_ours: f64,
}

/// Every such peer in the cells that ours was measured in.
pub(crate) fn ahead(kept: &Kept) -> Vec<Ahead> {
    let mut found = Vec::new();
    for cell in crate::cell::CELLS {
        for figure in [Figure::Wall, Figure::Cpu, Figure::Instructions] {
            let median = |name: &str| Spread::of(kept.ratios(cell, name, figure)).map(|ratio| ratio.median);
            let of = |kind| crate::contestant::NAMES.iter().filter(move |name| Kind::of(name) == kind);
            let Some(of_ours) = of(Kind::Ours).filter_map(|name| median(name)).min_by(f64::total_cmp) else {
                continue;
            };
            for peer in of(Kind::Peer) {
                if let Some(of_peer) = median(peer).filter(|of_peer| of_peer * NOISE < of_ours) {
                    found.push(Ahead { cell: cell.name, figure, peer, of_peer, of_ours });
                }
            }
        }
    }
    found
}

#[cfg(test)]
mod tests {
    use super::{Standing, TARGETS, ahead};
    use crate::cell::Cell;
    use crate::contestant::{Kind, NAMES};
    use crate::kept::tests::kept;

    #[test]
    fn every_target_is_of_ours_in_a_cell_that_it_does() {
        for target in TARGETS {
            let cell = Cell::find(target.cell).unwrap();
            assert_eq!(Kind::of(target.contestant), Kind::Ours);
            let entry = crate::contestant::Entry::find(target.contestant).unwrap();
            assert!(entry.does.contains(&cell.workload), "{target:?}");
            assert!(NAMES.contains(&target.contestant));
        }
    }

    #[test]
    fn a_target_is_met_up_to_its_limit() {
        let target = TARGETS.iter().find(|target| target.cell == "insert_1").unwrap();
        let standing =
            |wall| target.standing(&kept(&[("insert_1", "raw", &[10.0]), ("insert_1", "engine", &[wall])]));
        assert_eq!(standing(10.0), Standing::Met(1.0));
        assert_eq!(standing(11.0), Standing::Short(1.1));
        assert_eq!(target.standing(&kept(&[])), Standing::NotMeasured);
    }

    #[test]
    fn a_peer_is_ahead_only_of_the_better_of_ours_and_beyond_the_noise() {
        let measured = |peer| {
            kept(&[
                ("load_1", "raw", &[10.0]),
                ("load_1", "engine", &[20.0]),
                ("load_1", "session", &[30.0]),
                ("load_1", "sqlx", &[peer]),
            ])
        };
        assert_eq!(ahead(&measured(18.0)), []);
        let found = ahead(&measured(15.0));
        assert_eq!((found.len(), found[0].peer, found[0].of_ours), (2, "sqlx", 2.0));
    }
}
