//! Everything that was measured, as it is kept in a file.

use std::fs;
use std::path::Path;

use serde::{Deserialize, Serialize};

use crate::Result;
use crate::cell::Cell;
use crate::contestant::FLOOR;
use crate::machine::Machine;
use crate::measure::Measured;

/// A contestant in a cell in a round.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub(crate) struct Measurement {
    pub(crate) round: usize,
    pub(crate) cell: String,
    pub(crate) contestant: String,
    #[serde(flatten)]
    pub(crate) measured: Measured,
}

/// How many instructions of the client an operation takes.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub(crate) struct Instructions {
    pub(crate) cell: String,
    pub(crate) contestant: String,
    pub(crate) count: f64,
}

/// All of a run.
#[derive(Clone, Debug, Default, Serialize, Deserialize)]
pub(crate) struct Kept {
    pub(crate) machine: Machine,
    pub(crate) rounds: usize,
    pub(crate) milliseconds: u64,
    /// What was left out, and why.
    pub(crate) notes: Vec<String>,
    /// Operations that failed, and digests that are not the floor's.
    pub(crate) failures: Vec<String>,
    pub(crate) measurements: Vec<Measurement>,
    pub(crate) instructions: Vec<Instructions>,
}

/// What a measurement is looked at for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Figure {
    /// Microseconds from beginning to end.
    Wall,
    /// Microseconds of processor time of the client.
    Cpu,
    /// Instructions of the client in user space.
    Instructions,
    /// KiB.
    Memory,
}

impl Kept {
    /// # Errors
    /// If the file cannot be read, or holds something else.
    pub(crate) fn read(path: &Path) -> Result<Kept> {
        let explain = |why: String| format!("could not read measurements from {}: {why}", path.display());
        let text = fs::read_to_string(path).map_err(|error| explain(error.to_string()))?;
        Ok(serde_json::from_str(&text).map_err(|error| explain(error.to_string()))?)
    }

    /// # Errors
    /// If the file cannot be written.
    pub(crate) fn write(&self, path: &Path) -> Result<()> {
        let text = serde_json::to_string_pretty(self)? + "\n";
        fs::write(path, text).map_err(|error| format!("could not write {}: {error}", path.display()))?;
        Ok(())
    }

    /// A figure in every round it was measured in.
    pub(crate) fn values(&self, cell: &str, contestant: &str, figure: Figure) -> Vec<(usize, f64)> {
        if figure == Figure::Instructions {
            let found =
                self.instructions.iter().filter(|one| one.cell == cell && one.contestant == contestant);
            return found.map(|one| (0, one.count)).collect();
        }
        let found = self.measurements.iter().filter(|one| one.cell == cell && one.contestant == contestant);
        found.filter_map(|one| Some((one.round, one.measured.figure(figure)?))).collect()
    }

    /// A figure as a ratio to the floor's of the same round.
    pub(crate) fn ratios(&self, cell: &Cell, contestant: &str, figure: Figure) -> Vec<f64> {
        let floor = self.values(cell.floor(), FLOOR, figure);
        let values = self.values(cell.name, contestant, figure).into_iter();
        let ratio = |(round, value): (usize, f64)| {
            let (_, floor) = floor.iter().find(|(other, floor)| *other == round && *floor > 0.0)?;
            Some(value / floor)
        };
        values.filter_map(ratio).collect()
    }
}

impl Measured {
    #[expect(clippy::cast_precision_loss, reason = "no process has so much memory")]
    fn figure(&self, figure: Figure) -> Option<f64> {
        match figure {
            Figure::Wall => Some(self.wall),
            Figure::Cpu => Some(self.user + self.system),
            Figure::Memory => self.peak_memory.map(|kib| kib as f64),
            Figure::Instructions => None,
        }
    }
}

#[cfg(test)]
pub(crate) mod tests {
    use super::{Figure, Kept, Measurement};
    use crate::cell::Cell;
    use crate::digest::Digest;
    use crate::measure::Measured;

    /// Wall times of contestants in a cell, one a round.
    pub(crate) fn kept(walls: &[(&str, &str, &[f64])]) -> Kept {
        let measured = |wall| Measured {
            operations: 1,
            wall,
            user: wall / 2.0,
            system: 0.0,
            peak_memory: Some(1024),
            digest: Digest::default(),
            all_operations: 1,
        };
        let rounds = walls.iter().flat_map(|(cell, contestant, walls)| {
            walls.iter().enumerate().map(move |(round, wall)| Measurement {
                round,
                cell: (*cell).to_owned(),
                contestant: (*contestant).to_owned(),
                measured: measured(*wall),
            })
        });
        Kept { measurements: rounds.collect(), ..Kept::default() }
    }

    #[test]
    fn a_ratio_is_to_the_floor_of_the_same_round() {
        let kept = kept(&[("load_1", "raw", &[10.0, 20.0]), ("load_1", "engine", &[11.0, 24.0, 99.0])]);
        let cell = Cell::find("load_1").unwrap();
        assert_eq!(kept.ratios(cell, "engine", Figure::Wall), [1.1, 1.2]);
        assert!(kept.ratios(cell, "engine", Figure::Instructions).is_empty());
    }

    #[test]
    fn an_insert_without_ids_is_compared_with_one_that_gives_them() {
        let kept = kept(&[
            ("insert_10000", "raw", &[100.0]),
            ("insert_without_ids_10000", "raw", &[80.0]),
            ("insert_without_ids_10000", "engine", &[50.0]),
        ]);
        let cell = Cell::find("insert_without_ids_10000").unwrap();
        assert_eq!(kept.ratios(cell, "engine", Figure::Wall), [0.5]);
    }

    #[test]
    fn what_is_kept_is_read_again() {
        let kept = kept(&[("load_1", "raw", &[10.5])]);
        let again: Kept = serde_json::from_str(&serde_json::to_string(&kept).unwrap()).unwrap();
        assert_eq!(again.values("load_1", "raw", Figure::Wall), [(0, 10.5)]);
        assert_eq!(again.values("load_1", "raw", Figure::Memory), [(0, 1024.0)]);
    }
}
