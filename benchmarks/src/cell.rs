//! What is measured: a workload at a size, with or without the latency of a network.

use std::time::Duration;

use serde::{Deserialize, Serialize};

/// Something a program does with its database.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) enum Workload {
    Load,
    Join,
    Insert,
    InsertWithoutIds,
    Posts,
    Related,
    Together,
    ByKey,
    ByKeyPooled,
    Change,
    TpcB,
    Flush,
    Stream,
}

/// What there is; of one moment only ours and what is written by hand read relations.
pub(crate) const EVERYTHING: &[Workload] = &[
    Workload::Together,
    Workload::Load,
    Workload::Join,
    Workload::Insert,
    Workload::InsertWithoutIds,
    Workload::Posts,
    Workload::Related,
    Workload::ByKey,
    Workload::ByKeyPooled,
    Workload::Change,
    Workload::TpcB,
    Workload::Flush,
    Workload::Stream,
];

/// What contestants without a gap do.
pub(crate) const ALL: &[Workload] = EVERYTHING.split_at(1).1;

impl Workload {
    /// How many tasks do it at the same time.
    pub(crate) fn tasks(self) -> usize {
        match self {
            Workload::ByKeyPooled => 16,
            Workload::TpcB => 8,
            _ => 1,
        }
    }

    /// How many connections they share.
    pub(crate) fn connections(self) -> usize {
        self.tasks().min(8)
    }

    /// Whether the tables are not what they were afterwards.
    pub(crate) fn writes(self) -> bool {
        use Workload::{Change, Flush, Insert, InsertWithoutIds, TpcB};
        matches!(self, Insert | InsertWithoutIds | Change | TpcB | Flush)
    }

    /// Whether its first operation is the one that is measured, for it takes long and memory is measured too.
    pub(crate) fn is_single(self) -> bool {
        self == Workload::Stream
    }
}

/// A row of the tables of results.
#[derive(Debug, PartialEq, Eq)]
pub(crate) struct Cell {
    pub(crate) name: &'static str,
    pub(crate) title: &'static str,
    pub(crate) workload: Workload,
    /// The rows that are read or written by one operation, or that there are to choose one from.
    pub(crate) size: usize,
    /// What the network takes each way.
    pub(crate) latency: Option<Duration>,
}

impl Cell {
    const fn new(name: &'static str, title: &'static str, workload: Workload, size: usize) -> Cell {
        Cell { name, title, workload, size, latency: None }
    }

    const fn late(name: &'static str, title: &'static str, workload: Workload, size: usize) -> Cell {
        Cell { name, title, workload, size, latency: Some(Duration::from_millis(5)) }
    }

    /// The cell in which the floor is measured that this one is compared with.
    pub(crate) fn floor(&self) -> &'static str {
        match self.workload {
            // What it is worth to leave the ids out is what one wants to know here.
            Workload::InsertWithoutIds => "insert_10000",
            _ => self.name,
        }
    }

    /// The cell of a name.
    pub(crate) fn find(name: &str) -> Option<&'static Cell> {
        CELLS.iter().find(|cell| cell.name == name)
    }
}

/// All of them, in the order of the tables.
pub(crate) const CELLS: &[Cell] = &[
    Cell::new("load_1", "load 1 row", Workload::Load, 1),
    Cell::new("load_100", "load 100 rows", Workload::Load, 100),
    Cell::new("load_10000", "load 10,000 rows", Workload::Load, 10_000),
    Cell::new("join_1", "left join, 1 pair", Workload::Join, 1),
    Cell::new("join_100", "left join, 100 pairs", Workload::Join, 100),
    Cell::new("join_10000", "left join, 10,000 pairs", Workload::Join, 10_000),
    Cell::new("insert_1", "insert 1 row, id back", Workload::Insert, 1),
    Cell::new("insert_100", "insert 100 rows, ids back", Workload::Insert, 100),
    Cell::new("insert_10000", "insert 10,000 rows, ids back", Workload::Insert, 10_000),
    Cell::new("insert_without_ids_10000", "insert 10,000 rows, no ids", Workload::InsertWithoutIds, 10_000),
    Cell::new("posts", "100 users x 10 posts", Workload::Posts, 100),
    Cell::new("related", "100 users x 10 posts x 10 comments", Workload::Related, 100),
    Cell::new("together", "100 x 10 x 10 of one moment", Workload::Together, 100),
    Cell::new("by_key", "one row by key", Workload::ByKey, 10_000),
    Cell::new("by_key_16_tasks", "one row by key, 16 tasks, pool of 8", Workload::ByKeyPooled, 10_000),
    Cell::new("change", "read, change, commit one row", Workload::Change, 10_000),
    Cell::new("tpcb", "TPC-B, 8 clients", Workload::TpcB, 5),
    Cell::new("flush_10000", "load, change, write back 10,000 objects", Workload::Flush, 10_000),
    Cell::new("stream_1000000", "stream 1,000,000 rows", Workload::Stream, 1_000_000),
    Cell::late("load_100_5ms", "load 100 rows, 5 ms away", Workload::Load, 100),
    Cell::late("join_100_5ms", "left join, 100 pairs, 5 ms away", Workload::Join, 100),
    Cell::late("insert_1_5ms", "insert 1 row, id back, 5 ms away", Workload::Insert, 1),
    Cell::late("insert_100_5ms", "insert 100 rows, ids back, 5 ms away", Workload::Insert, 100),
    Cell::late("related_5ms", "100 x 10 x 10 related, 5 ms away", Workload::Related, 100),
    Cell::late("together_5ms", "100 x 10 x 10 of one moment, 5 ms away", Workload::Together, 100),
    Cell::late("by_key_5ms", "one row by key, 5 ms away", Workload::ByKey, 10_000),
    Cell::late("change_5ms", "read, change, commit, 5 ms away", Workload::Change, 10_000),
];

#[cfg(test)]
mod tests {
    use super::{CELLS, Cell};

    #[test]
    fn names_are_unique_and_floors_exist() {
        for (index, cell) in CELLS.iter().enumerate() {
            assert!(CELLS[index + 1..].iter().all(|other| other.name != cell.name), "{}", cell.name);
            assert!(Cell::find(cell.floor()).is_some(), "{}", cell.name);
        }
    }
}
