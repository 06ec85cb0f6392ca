//! A statement with options is what the statement is.

use std::ops::Range;
use std::time::Duration;

use super::options::WithOptions;
use super::plan::SealedStatement;
use super::{BatchItem, Command, Copying, Draft, Plan, Query, Selecting, Writes};
use crate::error::Error;
use crate::model::Tracker;
use crate::query::render::Rendered;

impl<S> WithOptions<S> {
    fn rendered_so(&self, rendered: Rendered) -> Rendered {
        let plan_each_time = rendered.plan_each_time || self.plan_each_time;
        Rendered { plan_each_time, ..rendered }
    }

    fn planned_so<R>(&self, plan: Plan<R>) -> Plan<R> {
        Plan { rendered: self.rendered_so(plan.rendered), ..plan }
    }
}

impl<S: BatchItem> SealedStatement for WithOptions<S> {}

#[diagnostic::do_not_recommend]
impl<S: BatchItem> BatchItem for WithOptions<S> {
    type Output = S::Output;
    type Decoded = S::Decoded;

    fn draft(&self) -> Result<Draft<S::Decoded>, Error> {
        let draft = self.statement.draft()?;
        Ok(Draft { plan: self.planned_so(draft.plan), time_limit: self.time_limit(), ..draft })
    }

    fn output(rows: Vec<S::Decoded>, affected: u64) -> S::Output {
        S::output(rows, affected)
    }

    fn time_limit(&self) -> Option<Duration> {
        self.timeout.into_iter().chain(self.statement.time_limit()).min()
    }
}

#[diagnostic::do_not_recommend]
impl<Q: Query> Query for WithOptions<Q> {
    type Row = Q::Row;
    type Tracked = Q::Tracked;
    type Limited = WithOptions<Q::Limited>;

    fn plan(&self) -> Result<Plan<Q::Row>, Error> {
        Ok(self.planned_so(self.statement.plan()?))
    }

    fn parts(&self) -> Result<Vec<Range<usize>>, Error> {
        Query::parts(&self.statement)
    }

    fn plan_part(&self, part: Range<usize>) -> Result<Plan<Q::Row>, Error> {
        Ok(self.planned_so(self.statement.plan_part(part)?))
    }

    fn track<K: Tracker>(row: Q::Row, tracker: &mut K) -> Q::Tracked {
        Q::track(row, tracker)
    }

    fn at_most(self, rows: u8) -> Self::Limited {
        let WithOptions { statement, timeout, plan_each_time } = self;
        WithOptions { statement: statement.at_most(rows), timeout, plan_each_time }
    }

    fn populates_existing(&self) -> bool {
        self.statement.populates_existing()
    }

    fn locks_rows(&self) -> bool {
        self.statement.locks_rows()
    }

    fn writes(&self) -> Writes<'_> {
        Query::writes(&self.statement)
    }

    fn only_reads(&self) -> bool {
        self.statement.only_reads()
    }
}

#[diagnostic::do_not_recommend]
impl<S: Selecting> Selecting for WithOptions<S> {
    fn rows_only(&self) -> Result<Rendered, Error> {
        Ok(self.rendered_so(self.statement.rows_only()?))
    }
}

#[diagnostic::do_not_recommend]
impl<C: Command> Command for WithOptions<C> {
    type Rows = C::Rows;

    fn rendered(&self) -> Result<Rendered, Error> {
        Ok(self.rendered_so(self.statement.rendered()?))
    }

    fn parts(&self) -> Result<Vec<Range<usize>>, Error> {
        Command::parts(&self.statement)
    }

    fn rendered_part(&self, part: Range<usize>) -> Result<Rendered, Error> {
        Ok(self.rendered_so(self.statement.rendered_part(part)?))
    }

    fn copying(&self) -> Option<Copying<'_>> {
        self.statement.copying()
    }

    fn writes(&self) -> Writes<'_> {
        Command::writes(&self.statement)
    }
}
