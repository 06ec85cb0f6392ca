//! A step of a plan.

use std::time::Duration;

/// A step of a plan. Rows and times are those of one run of the node, on average, as PostgreSQL gives them: a node that is
/// run for each row of another has many [`loops`](PlanNode::loops).
#[derive(Clone, Debug, Default, PartialEq)]
#[non_exhaustive]
pub struct PlanNode {
    /// What it does, such as `Seq Scan` or `Hash Left Join`, as EXPLAIN calls it.
    pub name: String,
    /// The table it reads or writes.
    pub relation: Option<String>,
    /// What the table is called in the statement, where that is another name.
    pub alias: Option<String>,
    /// The index it reads.
    pub index: Option<String>,
    /// What rows are found, joined or sorted by.
    pub condition: Option<String>,
    /// What is asked of each row found.
    pub filter: Option<String>,
    /// The subquery or CTE that it is, as `InitPlan 1` or `CTE totals`.
    pub subplan: Option<String>,
    /// What the planner takes it to cost, all below it included.
    pub cost: f64,
    /// How many rows the planner expects.
    pub estimated_rows: f64,
    /// How many rows it gave, where the statement was run.
    pub actual_rows: Option<f64>,
    /// How many rows it read and left out.
    pub removed_rows: Option<f64>,
    /// How often it was run; 0 where it was never.
    pub loops: Option<u64>,
    /// How long it took, all below it included.
    pub time: Option<Duration>,
    /// Pages that it and all below it touched, where the statement was run.
    pub buffers: Option<PlanBuffers>,
    /// Bytes that sorting, hashing or keeping rows wrote to disk.
    pub disk_bytes: Option<u64>,
    /// In how many parts a hash table was made; more than one is on disk.
    pub hash_batches: Option<u64>,
    /// The nodes whose rows it takes.
    pub children: Vec<PlanNode>,
}

/// Pages of eight kilobytes that a node touched.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
#[non_exhaustive]
pub struct PlanBuffers {
    /// Found in the memory of the server.
    pub hit: u64,
    /// Read from the system.
    pub read: u64,
    /// Written back, to free memory for other pages.
    pub written: u64,
    /// Of temporary files, read.
    pub temporary_read: u64,
    /// Of temporary files, written.
    pub temporary_written: u64,
}

impl PlanNode {
    /// How many rows it gave in all its runs together.
    ///
    /// ```no_run
    /// # use orm_core::prelude::*;
    /// # use orm_tests::models::*;
    /// # async fn example(engine: Engine) -> Result<(), Error> {
    /// let plan = engine.explain_analyze_plan(select(User)).await?;
    /// println!("{:?} rows", plan.root.total_rows());
    /// # Ok(())
    /// # }
    /// ```
    pub fn total_rows(&self) -> Option<f64> {
        Some(self.actual_rows? * self.runs()?)
    }

    /// How many rows it read and left out in all its runs together.
    ///
    /// ```no_run
    /// # use orm_core::prelude::*;
    /// # use orm_tests::models::*;
    /// # async fn example(engine: Engine) -> Result<(), Error> {
    /// let plan = engine.explain_analyze_plan(select(User).filter(User.age.ge(18))).await?;
    /// println!("{:?} rows read in vain", plan.root.total_removed_rows());
    /// # Ok(())
    /// # }
    /// ```
    pub fn total_removed_rows(&self) -> Option<f64> {
        Some(self.removed_rows? * self.runs()?)
    }

    #[expect(clippy::cast_precision_loss, reason = "nothing is run so often")]
    fn runs(&self) -> Option<f64> {
        self.loops.map(|loops| loops as f64)
    }
}
