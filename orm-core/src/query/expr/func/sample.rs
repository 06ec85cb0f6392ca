//! Some rows of a table by chance.

use crate::query::ast::Sample;
use crate::types::Parameter;

/// How some rows of a table are taken; for [`table_sample`](crate::query::Select::table_sample).
#[derive(Clone, Debug)]
#[must_use]
pub struct TableSample(Sample);

/// Each row with the same chance, in percent.
///
/// Less than 0 or more than 100 is an error of the server.
///
/// ```
/// # use orm_core::prelude::*;
/// # use orm_tests::models::*;
/// let about_a_tenth = select(User).table_sample(User, func::bernoulli(10.0));
/// ```
pub fn bernoulli(percent: f32) -> TableSample {
    sample("BERNOULLI", percent)
}

/// Each page of the table with the same chance, in percent: quicker than [`bernoulli`], and rows that were stored together
/// come together.
///
/// Less than 0 or more than 100 is an error of the server.
///
/// ```
/// # use orm_core::prelude::*;
/// # use orm_tests::models::*;
/// let about_a_tenth = select(User).table_sample(User, func::system(10.0));
/// ```
pub fn system(percent: f32) -> TableSample {
    sample("SYSTEM", percent)
}

fn sample(method: &'static str, percent: f32) -> TableSample {
    TableSample(Sample { method, percent: Parameter::new(percent), seed: None })
}

impl TableSample {
    /// The same rows for the same number, as long as the table does not change.
    ///
    /// ```
    /// # use orm_core::prelude::*;
    /// # use orm_tests::models::*;
    /// let the_same_each_time = select(User).table_sample(User, func::bernoulli(10.0).repeatable(42.0));
    /// ```
    pub fn repeatable(mut self, seed: f64) -> TableSample {
        self.0.seed = Some(Parameter::new(seed));
        self
    }
}

impl From<TableSample> for Sample {
    fn from(sample: TableSample) -> Sample {
        sample.0
    }
}
