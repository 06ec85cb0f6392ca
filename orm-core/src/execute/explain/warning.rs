//! What of a plan that was run is worth a look.

use super::{ExplainPlan, PlanNode};

/// How many rows are left out at least before an index is worth a thought.
const MANY: f64 = 10_000.0;

/// How many rows are left out for one that is kept.
const MOST: f64 = 10.0;

/// By how much an estimate is wrong.
const WRONG: f64 = 100.0;

impl ExplainPlan {
    /// What is worth a look in a plan that was run: scans that leave out most of ten thousand rows or more, estimates wrong
    /// by a hundred times, sorts and hashes that go to disk. Of a plan that was not run nothing is known.
    ///
    /// ```no_run
    /// # use orm_core::prelude::*;
    /// # use orm_tests::models::*;
    /// # async fn example(engine: Engine) -> Result<(), Error> {
    /// let plan = engine.explain_analyze_plan(select(User).filter(User.age.ge(18))).await?;
    /// plan.warnings().iter().for_each(|warning| println!("{warning}"));
    /// # Ok(())
    /// # }
    /// ```
    pub fn warnings(&self) -> Vec<String> {
        let mut warnings = Vec::new();
        below(&self.root, Reading::Whole, &mut warnings);
        warnings
    }
}

/// Whether a node's rows are read to the last.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Reading {
    Whole,
    /// What is above may have had enough, so that fewer rows than estimated say nothing.
    Part,
}

fn below(node: &PlanNode, reading: Reading, warnings: &mut Vec<String>) {
    warnings.extend([left_out(node), wrong_estimate(node, reading), on_disk(node)].into_iter().flatten());
    for child in &node.children {
        let stops = ["Limit", "Semi", "Anti", "Merge"].iter().any(|word| node.name.contains(word));
        let part = stops || child.subplan.is_some();
        below(child, if part { Reading::Part } else { reading }, warnings);
    }
}

fn left_out(node: &PlanNode) -> Option<String> {
    let (removed, kept) = (node.total_removed_rows()?, node.total_rows()?);
    let relation = node.relation.as_ref()?;
    if removed < MANY || removed < kept * MOST {
        return None;
    }
    let runs = node.loops.filter(|loops| *loops > 1);
    let runs = runs.map_or_else(String::new, |loops| format!(" in {loops} runs"));
    let filter = node.filter.as_deref().unwrap_or("its condition");
    let index = match node.index {
        Some(_) => "an index that has the columns of the filter too",
        None => "an index for it",
    };
    Some(format!(
        "{} reads {:.0} rows{runs} and leaves out all but {kept:.0} by {filter}: {index} would find those of \"{relation}\"",
        node.what(),
        removed + kept
    ))
}

fn wrong_estimate(node: &PlanNode, reading: Reading) -> Option<String> {
    let found = is_wrong(node, reading)?;
    // What is above a wrong estimate is wrong because of it.
    if node.children.iter().any(|child| is_wrong(child, reading).is_some()) {
        return None;
    }
    let about = match &node.relation {
        Some(relation) => format!(
            "run ANALYZE for \"{relation}\"; where the conditions depend on each other, CREATE STATISTICS tells the planner so"
        ),
        None => "the planner knows too little of what is joined or grouped here: run ANALYZE, and see CREATE STATISTICS".to_owned(),
    };
    Some(format!(
        "{} was estimated to give {:.0} rows and gave {found:.0}: {about}",
        node.what(),
        node.estimated_rows
    ))
}

/// How many rows it gave, if that is far from what was expected.
fn is_wrong(node: &PlanNode, reading: Reading) -> Option<f64> {
    let found = node.actual_rows.filter(|_| node.loops.is_some_and(|loops| loops > 0))?;
    let (estimated, least) = (node.estimated_rows.max(1.0), found.max(1.0));
    let is_too_low = least / estimated >= WRONG;
    let is_too_high = estimated / least >= WRONG && reading == Reading::Whole;
    (is_too_low || is_too_high).then_some(found)
}

fn on_disk(node: &PlanNode) -> Option<String> {
    let why = "more `work_mem` for it, fewer columns or fewer rows keep it in memory";
    match (node.disk_bytes, node.hash_batches) {
        (Some(bytes), _) => Some(format!("{} wrote {} kB to disk: {why}", node.what(), bytes / 1024)),
        (None, Some(batches)) if batches > 1 => {
            Some(format!("{} did its work in {batches} parts on disk: {why}", node.what()))
        }
        _ => None,
    }
}
