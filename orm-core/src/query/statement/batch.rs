//! What a batch is made of: any statement, with what becomes of its answer.

use std::time::Duration;

use super::plan::SealedStatement;
use super::raw::{RawRows, RawSql};
use super::synchronize::Written;
use super::{
    About, BatchItem, Command, Delete, Draft, Insert, Make, Merge, Plan, Query, Returning, Select, Truncate,
    Update, Upsert,
};
use crate::error::Error;
use crate::model::{Model, Row};
use crate::types::SqlType;

/// Writes it for statements that give rows.
macro_rules! rows {
    ($([$($generics:tt)*] $statement:ty),*) => {$(
        #[diagnostic::do_not_recommend]
        impl<$($generics)*> SealedStatement for $statement {}

        #[diagnostic::do_not_recommend]
        impl<$($generics)*> BatchItem for $statement {
            type Output = Vec<R>;
            type Decoded = R;

            fn draft(&self) -> Result<Draft<R>, Error> {
                let writes = self.writes().written();
                Ok(Draft { plan: self.plan()?, writes, only_reads: self.only_reads(), time_limit: None })
            }

            fn output(rows: Vec<R>, _: u64) -> Vec<R> {
                rows
            }
        }
    )*};
}
rows!([R: Row] Select<R>, [C: Command, R: Row] Returning<C, R>, [R: Row] RawRows<R>);

impl<R: SqlType + Row> SealedStatement for About<R> {}

#[diagnostic::do_not_recommend]
impl<R: SqlType + Row> BatchItem for About<R> {
    type Output = Vec<R>;
    type Decoded = R;

    fn draft(&self) -> Result<Draft<R>, Error> {
        let writes = self.writes().written();
        let time_limit = About::time_limit(self);
        Ok(Draft { plan: self.plan()?, writes, only_reads: self.only_reads(), time_limit })
    }

    fn output(rows: Vec<R>, _: u64) -> Vec<R> {
        rows
    }

    fn time_limit(&self) -> Option<Duration> {
        About::time_limit(self)
    }
}

/// Writes it for statements that only write.
macro_rules! count {
    ($([$($generics:tt)*] $statement:ty),*) => {$(
        #[diagnostic::do_not_recommend]
        impl<$($generics)*> SealedStatement for $statement {}

        #[diagnostic::do_not_recommend]
        impl<$($generics)*> BatchItem for $statement {
            type Output = u64;
            type Decoded = ();

            fn draft(&self) -> Result<Draft<()>, Error> {
                written(self)
            }

            fn output(_: Vec<()>, affected: u64) -> u64 {
                affected
            }
        }
    )*};
}
count!([M: Model] Insert<M>, [M: Model] Upsert<M>, [M: Model] Update<M>, [M: Model] Delete<M>,
    [M: Model, S] Merge<M, S>, [] RawSql, [] Truncate);

fn written(command: &impl Command) -> Result<Draft<()>, Error> {
    let rendered = command.rendered()?;
    let writes = command.writes().written();
    let what = match writes {
        Written::Table(table) => table.entity,
        Written::Nothing | Written::Anything => rendered.text.what,
    };
    let plan = Plan { rendered, make: Make::Decode(|_| Ok(())), what };
    Ok(Draft { plan, writes, only_reads: false, time_limit: None })
}
