//! The stages of rows that go out as one statement.

use super::Stuck;
use crate::session::flush::edge::Order;

impl Order {
    pub(super) fn group_of(&self, row: usize) -> usize {
        self.starts.partition_point(|start| *start <= row) - 1
    }

    pub(super) fn stuck(&self, rows: &[usize], is_unknown: bool) -> Stuck {
        let place = |&row: &usize| {
            let group = self.group_of(row);
            (group, row - self.starts[group])
        };
        Stuck { rows: rows.iter().map(place).collect(), is_unknown }
    }
}

/// The rows of a circle in the stages that unique values ask for; `None` if these stand in a circle themselves. `unique`
/// has for each row those that take a value of it.
pub(super) fn stages(rows: &[usize], unique: &[Vec<usize>]) -> Option<Vec<Vec<usize>>> {
    let then = |row: usize| unique[row].iter().filter_map(|next| rows.binary_search(next).ok());
    let mut waiting = vec![0; rows.len()];
    rows.iter().flat_map(|&row| then(row)).for_each(|next| waiting[next] += 1);
    let mut stages = Vec::new();
    let mut stage: Vec<usize> = (0..rows.len()).filter(|place| waiting[*place] == 0).collect();
    let mut placed = 0;
    while !stage.is_empty() {
        placed += stage.len();
        let mut next_stage = Vec::new();
        for next in stage.iter().flat_map(|&place| then(rows[place])) {
            waiting[next] -= 1;
            if waiting[next] == 0 {
                next_stage.push(next);
            }
        }
        stages.push(stage.into_iter().map(|place| rows[place]).collect());
        stage = next_stage;
    }
    (placed == rows.len()).then_some(stages)
}
