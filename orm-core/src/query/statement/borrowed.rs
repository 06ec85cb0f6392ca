//! A reference to a statement is one too: it is sent, and stays.

use std::ops::Range;
use std::time::Duration;

use super::{BatchItem, Command, Copying, Draft, Plan, Query, Writes};
use crate::error::Error;
use crate::model::Tracker;
use crate::query::render::Rendered;

impl<S: BatchItem + Sync> BatchItem for &S {
    type Output = S::Output;
    type Decoded = S::Decoded;

    fn draft(&self) -> Result<Draft<S::Decoded>, Error> {
        S::draft(self)
    }

    fn output(rows: Vec<S::Decoded>, affected: u64) -> S::Output {
        S::output(rows, affected)
    }

    fn time_limit(&self) -> Option<Duration> {
        S::time_limit(self)
    }
}

impl<Q: Query + Clone + Sync> Query for &Q {
    type Row = Q::Row;
    type Tracked = Q::Tracked;
    type Limited = Q::Limited;

    fn plan(&self) -> Result<Plan<Q::Row>, Error> {
        Q::plan(self)
    }

    fn parts(&self) -> Result<Vec<Range<usize>>, Error> {
        Q::parts(self)
    }

    fn plan_part(&self, part: Range<usize>) -> Result<Plan<Q::Row>, Error> {
        Q::plan_part(self, part)
    }

    fn track<K: Tracker>(row: Q::Row, tracker: &mut K) -> Q::Tracked {
        Q::track(row, tracker)
    }

    fn at_most(self, rows: u8) -> Q::Limited {
        self.clone().at_most(rows)
    }

    fn populates_existing(&self) -> bool {
        Q::populates_existing(self)
    }

    fn locks_rows(&self) -> bool {
        Q::locks_rows(self)
    }

    fn writes(&self) -> Writes<'_> {
        Q::writes(self)
    }

    fn only_reads(&self) -> bool {
        Q::only_reads(self)
    }
}

impl<C: Command + Sync> Command for &C {
    type Rows = C::Rows;

    fn rendered(&self) -> Result<Rendered, Error> {
        C::rendered(self)
    }

    fn parts(&self) -> Result<Vec<Range<usize>>, Error> {
        C::parts(self)
    }

    fn rendered_part(&self, part: Range<usize>) -> Result<Rendered, Error> {
        C::rendered_part(self, part)
    }

    fn copying(&self) -> Option<Copying<'_>> {
        C::copying(self)
    }

    fn writes(&self) -> Writes<'_> {
        C::writes(self)
    }
}
