//! A plan as a tree of lines.

use std::fmt;

use super::{ExplainPlan, PlanNode};

impl fmt::Display for ExplainPlan {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write_node(f, &self.root, 0)?;
        if let Some(time) = self.planning_time {
            write!(f, "\nplanning: {time:.3?}")?;
        }
        if let Some(time) = self.execution_time {
            write!(f, "\nexecution: {time:.3?}")?;
        }
        let warnings = self.warnings();
        if !warnings.is_empty() {
            f.write_str("\nworth a look:")?;
        }
        warnings.iter().try_for_each(|warning| write!(f, "\n- {warning}"))
    }
}

/// The node as one line.
impl fmt::Display for PlanNode {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if let Some(subplan) = &self.subplan {
            write!(f, "{subplan}: ")?;
        }
        f.write_str(&self.what())?;
        write!(f, " (estimated {:.0} rows", self.estimated_rows)?;
        match (self.actual_rows, self.loops) {
            (_, Some(0)) => f.write_str(", never run")?,
            (Some(rows), loops) => {
                write!(f, ", found {rows:.0}")?;
                if let Some(loops) = loops.filter(|loops| *loops > 1) {
                    write!(f, " in each of {loops} runs")?;
                }
                if let Some(time) = self.time {
                    write!(f, ", {time:.3?}")?;
                }
            }
            (None, _) => write!(f, ", cost {:.2}", self.cost)?,
        }
        f.write_str(")")
    }
}

impl PlanNode {
    /// What it is, and of what: `Index Scan using users_pkey on users u`.
    pub(super) fn what(&self) -> String {
        let mut what = self.name.clone();
        for (word, name) in [(" using ", &self.index), (" on ", &self.relation)] {
            if let Some(name) = name {
                what = what + word + name;
            }
        }
        match &self.alias {
            Some(alias) => what + " " + alias,
            None => what,
        }
    }
}

fn write_node(f: &mut fmt::Formatter<'_>, node: &PlanNode, depth: usize) -> fmt::Result {
    if depth > 0 {
        write!(f, "\n{:indent$}-> ", "", indent = depth * 4 - 2)?;
    }
    write!(f, "{node}")?;
    let indent = depth * 4 + 4;
    if let Some(condition) = &node.condition {
        write!(f, "\n{:indent$}by: {condition}", "")?;
    }
    if let Some(filter) = &node.filter {
        write!(f, "\n{:indent$}filter: {filter}", "")?;
    }
    if let Some(removed) = node.removed_rows.filter(|removed| *removed > 0.0) {
        write!(f, "\n{:indent$}left out: {removed:.0} rows", "")?;
    }
    if let Some(bytes) = node.disk_bytes {
        write!(f, "\n{:indent$}on disk: {} kB", "", bytes / 1024)?;
    }
    node.children.iter().try_for_each(|child| write_node(f, child, depth + 1))
}
