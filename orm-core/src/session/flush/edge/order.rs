//! What the rows of some groups wait for, and what may be in the place of that.

use std::collections::HashSet;

use super::Edge;

/// What the rows of some groups wait for.
pub(in crate::session::flush) struct Order {
    /// The number of the first row of each group.
    pub(in crate::session::flush) starts: Vec<usize>,
    /// How many rows there are; numbers behind that are points between rows that stand for many edges.
    pub(in crate::session::flush) rows: usize,
    pub(in crate::session::flush) count: usize,
    pub(in crate::session::flush) edges: Vec<Edge>,
    pub(in crate::session::flush) alternatives: Vec<Alternative>,
    /// The rows that refer to others before those get their new keys.
    pub(in crate::session::flush) referring_before: Vec<Edge>,
    /// Whether rows may have to wait for each other where nobody but the server knows.
    pub(in crate::session::flush) is_uncertain: bool,
}

/// Edges that need not be, and what is then in their place.
pub(in crate::session::flush) struct Alternative {
    /// Their places among the edges.
    pub(super) edges: Vec<usize>,
    pub(super) instead: Edge,
    /// The rows that have to wait for each other, so that it helps.
    pub(super) rows: Vec<usize>,
    /// Whether it is one of rows that refer to others by handles: the last that is tried.
    pub(super) is_by_handle: bool,
}

impl Order {
    /// Takes what may be in the place of edges between these rows, told by group and place in it; says whether there is any.
    pub(in crate::session::flush) fn take_alternatives(&mut self, rows: &[(usize, usize)]) -> bool {
        let rows: HashSet<usize> = rows.iter().map(|(group, nth)| self.starts[*group] + nth).collect();
        let before = self.alternatives.len();
        for is_by_handle in [false, true] {
            let edges = &mut self.edges;
            let followers = &mut self.referring_before;
            self.alternatives.retain(|alternative| {
                let helps = alternative.is_by_handle == is_by_handle
                    && alternative.rows.iter().all(|row| rows.contains(row));
                if helps {
                    alternative.edges.iter().for_each(|&edge| edges[edge] = alternative.instead);
                    followers.extend(is_by_handle.then_some(alternative.instead));
                }
                !helps
            });
            if self.alternatives.len() < before {
                return true;
            }
        }
        false
    }
}
