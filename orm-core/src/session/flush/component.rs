//! Finds the circles among rows that refer to each other.

/// The rows in groups that refer to each other in circles, most of them of one row; what a group refers to comes before
/// it. `after` has the rows each row refers to.
pub(super) fn components(after: &[&[usize]]) -> Vec<Vec<usize>> {
    let mut search = Tarjan { order: vec![None; after.len()], ..Tarjan::default() };
    for start in 0..after.len() {
        if search.order[start].is_none() {
            search.from(start, after);
        }
    }
    search.components
}

/// Tarjan's, without recursion: a chain of rows can be as long as memory allows.
#[derive(Default)]
struct Tarjan {
    /// When each row was first seen, and the earliest row it leads back to.
    order: Vec<Option<(usize, usize)>>,
    seen: usize,
    /// Rows whose group is not known yet.
    open: Vec<usize>,
    is_open: Vec<bool>,
    components: Vec<Vec<usize>>,
}

impl Tarjan {
    fn from(&mut self, start: usize, after: &[&[usize]]) {
        self.is_open.resize(after.len(), false);
        self.enter(start);
        let mut path: Vec<(usize, usize)> = vec![(start, 0)];
        while let Some((row, next)) = path.last_mut() {
            let row = *row;
            if let Some(&target) = after[row].get(*next) {
                *next += 1;
                match self.order[target] {
                    None => {
                        self.enter(target);
                        path.push((target, 0));
                    }
                    Some((seen, _)) if self.is_open[target] => self.leads_back(row, seen),
                    Some(_) => {}
                }
                continue;
            }
            path.pop();
            let Some((seen, back)) = self.order[row] else { continue };
            if let Some(&(parent, _)) = path.last() {
                self.leads_back(parent, back);
            }
            if seen == back {
                self.close(row);
            }
        }
    }

    fn enter(&mut self, row: usize) {
        self.order[row] = Some((self.seen, self.seen));
        self.seen += 1;
        self.open.push(row);
        self.is_open[row] = true;
    }

    fn leads_back(&mut self, row: usize, to: usize) {
        if let Some((_, back)) = &mut self.order[row] {
            *back = (*back).min(to);
        }
    }

    fn close(&mut self, first: usize) {
        let start = self.open.iter().rposition(|row| *row == first).unwrap_or(0);
        let rows = self.open.split_off(start);
        rows.iter().for_each(|&row| self.is_open[row] = false);
        self.components.push(rows);
    }
}
